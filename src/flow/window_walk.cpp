#include "deskbridge/flow/reply_windows.hpp"

#include "automatic.hpp"
#include "scene.hpp"
#include "window.hpp"

#include "deskbridge/core/reply_window.hpp"
#include "deskbridge/store/message.hpp"
#include "deskbridge/store/reply_window.hpp"


namespace deskbridge::flow {
namespace {

struct Mark {
    channel::AccountContext const& account;
    store::Conversation const& conversation;
    ReplyWindow window;
    std::chrono::minutes left;
    Timestamp now;
};

AutomaticText closing_soon(Scene& scene, Mark const& mark, store::Ticket const& ticket, store::Contact const& contact)
{
    auto const left = std::chrono::ceil<std::chrono::minutes>(*mark.window.closes_at() - mark.now);
    AutomaticText text;
    text.conversation = mark.conversation.id;
    text.ticket = ticket.id;
    text.message_class = MessageClass::notice;
    text.purpose = "closing_soon";
    text.content = closing_soon_text(text_context(scene, contact), ticket.reference, left);
    return text;
}

void ask_to_write(Scene& scene, Mark const& mark)
{
    auto const ticket = latest_live(scene.tx, mark.conversation.id);
    auto const contact = store::find_contact(scene.tx, mark.conversation.contact);
    ClosingSoonFacts const facts{.wanted = mark.account.policy.closing_soon == mark.left,
                                 .told = mark.conversation.window_told_at.has_value(),
                                 .live_ticket = ticket && contact,
                                 .elsewhere = store::wrote_elsewhere(scene.tx, mark.conversation.id)};
    if (!tells_closing_soon(facts))
        return;
    store::note_window_told(scene.tx, mark.conversation.id, mark.now);
    auto const text = closing_soon(scene, mark, *ticket, *contact);
    if (!contact->stopped_at) {
        queue_automatic(scene, text);
        return;
    }
    scene.applied.withheld.emplace_back(render_withholding(Withholding::opted_out));
    tell_withheld(scene.tx, {.type = "message.withheld", .at = mark.now, .account = mark.account.id, .contact = contact->id}, text,
                  Withholding::opted_out);
}

void tell(Scene& scene, Mark const& mark)
{
    if (mark.left == window_marks.back())
        return tell_window_closed(scene, mark.conversation, *mark.window.closes_at());
    store::NewEvent event{.type = "window.closing",
                          .at = mark.now,
                          .account = mark.account.id,
                          .contact = mark.conversation.contact,
                          .conversation = mark.conversation.id};
    event.data = {{"ends_at", render_rfc3339(*mark.window.closes_at())}, {"left_minutes", mark.left.count()}};
    store::append_event(scene.tx, event);
    ask_to_write(scene, mark);
}

/// Answers whether there was anything to tell.
bool pass_mark(store::Tx& tx, Surroundings const& around, store::WindowWalk const& walk, Timestamp now, Applied& applied)
{
    auto const* account = channel::find_account(around.accounts, walk.last.account);
    auto const conversation = account ? store::find_conversation(tx, walk.last.conversation) : std::nullopt;
    if (!conversation || !conversation->window_opened_at)
        return false;
    if (account->adapter->capabilities(account->account).reply_window.of(conversation->address) != walk.window)
        return false;
    Mark const mark{*account, *conversation, {conversation->window_from, walk.window}, std::chrono::duration_cast<std::chrono::minutes>(walk.left), now};
    if (!tells_mark(mark.window, mark.left, now))
        return false;
    Received const received{now, {}};
    Scene scene{tx, around, *account, received, applied};
    tell(scene, mark);
    return true;
}

/// A walk begins with the windows that come to the mark from now on: those before belong to the time without this daemon.
store::WindowWalk walk_of(store::Tx& tx, std::chrono::seconds window, std::chrono::minutes left, Timestamp now)
{
    if (auto const begun = store::find_window_walk(tx, window, left))
        return *begun;
    store::WindowWalk const fresh{window, left, {store::window_minute(began_for_mark(window, left, now)), {}, {}}};
    store::save_window_walk(tx, fresh);
    return fresh;
}

} // namespace

WindowsWalked walk_windows(store::Tx& tx, Surroundings const& around, std::chrono::seconds window, Timestamp now, int limit)
{
    WindowsWalked walked;
    for (auto const left : window_marks) {
        auto walk = walk_of(tx, window, left, now);
        auto const begun = store::windows_begun(tx, walk.last, began_for_mark(window, left, now), limit);
        for (auto const& next : begun) {
            walk.last = next;
            Applied applied;
            bool told = false;
            auto const done = tx.nested([&](store::Tx& inner) { told = pass_mark(inner, around, walk, now, applied); });
            if (!done)
                applied.failures = {done.error().detail};
            walked.told += done && told ? 1 : 0;
            walked.queued = walked.queued || (done && applied.queued);
            walked.withheld.insert(walked.withheld.end(), applied.withheld.begin(), applied.withheld.end());
            walked.failures.insert(walked.failures.end(), applied.failures.begin(), applied.failures.end());
        }
        if (!begun.empty())
            store::save_window_walk(tx, walk);
        walked.more = walked.more || begun.size() == static_cast<std::size_t>(limit);
    }
    return walked;
}

} // namespace deskbridge::flow
