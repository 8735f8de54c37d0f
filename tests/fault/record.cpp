#include "record.hpp"

#include "support/read_file.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace fault {

Record::Record(std::filesystem::path const& file)
{
    bytes_ = deskbridge::test::read_file(file);
    for (std::size_t at = 0; at < bytes_.size();) {
        faultfs_entry entry{};
        if (bytes_.size() - at < sizeof entry)
            throw std::runtime_error("the record ends in the middle of an entry");
        std::memcpy(&entry, bytes_.data() + at, sizeof entry);
        at += sizeof entry;
        if (entry.magic != faultfs_magic || entry.size > bytes_.size() - at)
            throw std::runtime_error("the record is damaged");
        ops_.push_back({static_cast<faultfs_kind>(entry.kind), entry.handle, entry.offset, std::string_view{bytes_}.substr(at, entry.size)});
        at += entry.size;
    }
}

std::size_t Record::count(faultfs_kind kind) const noexcept
{
    return static_cast<std::size_t>(std::count_if(ops_.begin(), ops_.end(), [kind](auto const& op) { return op.kind == kind; }));
}

std::vector<std::string> environment_of(LayerOrder const& order)
{
    std::vector<std::string> out{"LD_PRELOAD=" + order.layer.string(), "FAULTFS_FOLDER=" + order.folder.string(), "FAULTFS_RECORD=" + order.record.string()};
    if (!order.fail.empty())
        out.push_back("FAULTFS_FAIL=" + order.fail);
    // A sanitizer's runtime insists on being first, unless told otherwise.
    auto const* const given = ::getenv("ASAN_OPTIONS");
    out.push_back((given ? "ASAN_OPTIONS=" + std::string{given} + ":" : "ASAN_OPTIONS=") + "verify_asan_link_order=0");
    return out;
}

Preload::Preload(LayerOrder const& order)
{
    for (auto const& variable : environment_of(order)) {
        auto const equals = variable.find('=');
        names_.push_back(variable.substr(0, equals));
        ::setenv(names_.back().c_str(), variable.c_str() + equals + 1, 1);
    }
}

Preload::~Preload()
{
    for (auto const& name : names_)
        ::unsetenv(name.c_str());
}

} // namespace fault
