#include "canary_places.hpp"

#include "tally.hpp"

#include "support/read_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace fault {

namespace fs = std::filesystem;

namespace {

/// Customers' words may stand in the store, in its copies, among customers' files, and on the simulated phones.
Place::May what_may_stand_in(std::string const& name)
{
    bool const stored = name.find(".db") != std::string::npos;
    bool const theirs = name.starts_with("media/") || name.starts_with("sim/");
    return stored || theirs ? Place::May::customers : Place::May::nothing;
}

} // namespace

Place& Places::at(std::string_view name, Place::May may)
{
    auto const found = std::find_if(all_.begin(), all_.end(), [name](Place const& place) { return place.name == name; });
    return found != all_.end() ? *found : all_.emplace_back(Place{std::string{name}, may});
}

void Places::add_files(fs::path const& folder, std::vector<fs::path> const& without)
{
    for (auto const& entry : fs::recursive_directory_iterator{folder}) {
        auto const& path = entry.path();
        auto const hidden = [&path](fs::path const& other) { return path.string().starts_with(other.string()); };
        if (!entry.is_regular_file() || std::any_of(without.begin(), without.end(), hidden))
            continue;
        auto const name = path.lexically_relative(folder).string();
        at(name, what_may_stand_in(name)).bytes = deskbridge::test::read_file(path);
    }
}

void Places::judge(std::vector<Canary> const& canaries) const
{
    for (auto const& place : all_) {
        Haystack const hay{place.bytes};
        for (auto const& proof : place.proof)
            expect(place.bytes.find(proof) != std::string::npos, fmt::format("{}: no \"{}\" in it, so it shows nothing", place.name, proof));
        for (auto const& canary : canaries) {
            if (canary.whose == Canary::Of::customers && place.may == Place::May::customers)
                continue;
            auto const found = hay.sighting(canary);
            expect(found.empty(), fmt::format("{}: {} is there ({})", place.name, canary.name, found));
        }
    }
}

void Places::judge_the_search(std::string_view name, std::vector<Canary> const& canaries) const
{
    auto const found = std::find_if(all_.begin(), all_.end(), [name](Place const& place) { return place.name == name; });
    if (!expect(found != all_.end(), fmt::format("no place {}", name)))
        return;
    auto const middle = found->bytes.size() / 2;
    for (auto const& canary : canaries) {
        for (auto const& disguise : disguises_of(canary.value)) {
            auto planted = found->bytes;
            planted.insert(middle, " reason=" + disguise.text + "\n");
            expect(!Haystack{std::move(planted)}.sighting(canary).empty(), fmt::format("control: {} as {} is not found", canary.name, disguise.name));
        }
    }
}

std::size_t Places::bytes() const noexcept
{
    std::size_t sum = 0;
    for (auto const& place : all_)
        sum += place.bytes.size();
    return sum;
}

} // namespace fault
