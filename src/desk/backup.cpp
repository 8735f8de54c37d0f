#include "work.hpp"

namespace deskbridge::desk {

Result<store::BackupProgress> oversee(store::Store& store, BackUp const& request)
{
    auto const begun = store.start_backup(request.file, request.replace);
    if (!begun)
        return begun.error();
    return store.backup();
}

Result<store::BackupProgress> oversee(store::Store& store, ShowBackup const&)
{
    return store.backup();
}

} // namespace deskbridge::desk
