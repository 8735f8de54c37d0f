#include "fuzz/target.hpp"

#include "deskbridge/store/backup.hpp"
#include "deskbridge/store/event_log.hpp"
#include "support/read_file.hpp"
#include "support/temp_store.hpp"


namespace deskbridge::fuzz {
namespace {

/// A sound database, closed, as it lies on the disk.
std::string const& sound()
{
    static auto const bytes = [] {
        test::TempStore store;
        store.write([](store::Tx& tx) { store::append_event(tx, {.type = "shelf.added"}); });
        store.close();
        return test::read_file(store.settings().path);
    }();
    return bytes;
}

} // namespace

/// Three bytes say where, one what: so many bytes of a sound database are changed; an odd last one cuts it there. A file that
/// somebody offers for restoring is judged without falling over, and stays as it was.
void database(std::string_view input)
{
    static test::ScratchFolder const folder;
    auto bytes = sound();
    Cut cut{input};
    while (cut.rest().size() >= 4) {
        std::size_t place = 0;
        for (int i = 0; i < 3; ++i)
            place = place << 8U | cut.byte();
        bytes[place % bytes.size()] = static_cast<char>(cut.byte());
    }
    if (!cut.rest().empty())
        bytes.resize(bytes.size() * cut.byte() / 256);
    for (auto const* beside : {"offered.db-wal", "offered.db-shm"})
        std::filesystem::remove(folder.path() / beside);
    auto const file = folder.write("offered.db", bytes);
    auto const found = store::inspect(file);
    must(test::read_file(file) == bytes, "looking at a file changed it");
    must(found.has_value() || !found.error().detail.empty(), "a file is refused without a reason");
    if (found && bytes == sound())
        must(found->findings.empty(), "a sound file has findings");
}

} // namespace deskbridge::fuzz
