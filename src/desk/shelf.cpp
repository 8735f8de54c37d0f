#include "standing.hpp"
#include "work.hpp"

#include <algorithm>
#include <charconv>

namespace deskbridge::desk {

namespace {

constexpr int max_bodies = 500;
constexpr std::string_view open_part = "open.";
constexpr std::string_view done_part = "done.";

store::ShelfLine found_line(store::Reading& reading, ShelfId id)
{
    auto line = store::find_shelf_line(reading, id);
    if (!line)
        fail(Fault::not_found, "nothing lies on the shelf with the number " + std::to_string(id.value));
    return std::move(*line);
}

void check_open(store::ShelfEntry const& entry)
{
    if (entry.resolved_at)
        fail(Fault::conflict, "shelf entry " + std::to_string(entry.id.value) + " was " + entry.resolution + " at " +
                                  in_words(*entry.resolved_at) + "; nothing is left to do");
}

/// Where a page ended: "open.12", "done.12". Errors: malformed.
struct Place {
    bool open{true};
    ShelfId before{};
};

Place place_of(std::string_view after)
{
    if (after.empty())
        return {};
    Place place;
    place.open = after.starts_with(open_part);
    if (!place.open && !after.starts_with(done_part))
        fail(Fault::malformed, "this is not where a page ended");
    auto const digits = after.substr(open_part.size());
    auto const [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), place.before.value);
    if (failed != std::errc{} || end != digits.data() + digits.size() || place.before.value <= 0)
        fail(Fault::malformed, "this is not where a page ended");
    return place;
}

void append(store::Reading& reading, store::ShelfQuery& query, ShelfPage& page)
{
    for (auto& line : store::find_shelf(reading, query))
        page.lines.push_back(std::move(line));
}

} // namespace

ShelfPage look(Look const& look, ListShelf const& request)
{
    auto const limit = std::clamp(request.limit, 1, max_page);
    auto const place = place_of(request.after);
    store::ShelfQuery query{place.open, request.reason, {}, place.before, limit + 1}; // the one beyond tells that there are more
    if (!request.account.empty())
        query.account = named_account(look.reading, request.account, Fault::malformed).id;
    ShelfPage page;
    page.open = store::count_open_shelf(look.reading);
    append(look.reading, query, page);
    if (request.resolved && query.open && page.lines.size() <= static_cast<std::size_t>(limit)) {
        query.open = false;
        query.before = {};
        query.limit = limit + 1 - static_cast<int>(page.lines.size());
        append(look.reading, query, page);
    }
    if (page.lines.size() > static_cast<std::size_t>(limit)) {
        page.lines.pop_back();
        auto const& last = page.lines.back().entry;
        page.next = std::string{last.resolved_at ? done_part : open_part} + std::to_string(last.id.value);
    }
    return page;
}

store::ShelfLine look(Look const& look, ShowShelfEntry const& request)
{
    return found_line(look.reading, request.entry);
}

store::JournalRow look(Look const& look, ReadShelfBody const& request)
{
    auto row = store::find_journal(look.reading, found_line(look.reading, request.entry).entry.journal);
    if (!row || !row->body)
        fail(Fault::not_found, "the body is not there any more: it was kept as long as bodies are kept");
    return std::move(*row);
}

store::ShelfLine act(Work& work, DropShelf const& request)
{
    auto const line = found_line(work.tx, request.entry);
    check_open(line.entry);
    auto const reason = checked_reason(request.reason);
    store::ShelfDecision const decision{store::ShelfResolution::dropped, work.actor(), reason};
    (void)store::resolve_shelf_entry(work.tx, request.entry, decision, work.now);
    return found_line(work.tx, request.entry);
}

store::JournalPage look(Look const& look, ListJournal const& request)
{
    store::JournalQuery query;
    query.from = request.from;
    query.to = request.to;
    query.after = request.after;
    query.limit = std::clamp(request.limit, 1, max_bodies);
    if (!request.account.empty()) {
        query.account = named_account(look.reading, request.account, Fault::malformed).id;
        if (auto const* account = channel::find_account(look.parts.accounts, query.account))
            query.hook = account->hook;
    }
    return store::find_journal_lines(look.reading, query);
}

JournalId replayable(store::Reading& reading, ShelfId id)
{
    auto const line = found_line(reading, id);
    check_open(line.entry);
    return line.entry.journal;
}

} // namespace deskbridge::desk
