#include "deskbridge/desk/desk.hpp"

#include "work.hpp"

namespace deskbridge::desk {

namespace asio = boost::asio;

template <UseCase Request>
asio::awaitable<Result<typename Request::Answer>> Desk::perform(Caller const& caller, Request& request)
{
    if (!may(caller.role, Request::rule))
        co_return Error{Fault::forbidden, "only an administrator may do this"};
    if constexpr (std::same_as<Request, ReplayShelf>) {
        auto find = [&](store::Reading& reading) { return replayable(reading, request.entry); };
        auto const journal = co_await parts_.store.read(find);
        if (!journal)
            co_return journal.error();
        co_return co_await replay(caller, *journal, request.dry_run);
    } else if constexpr (std::same_as<Request, ReplayJournal>) {
        co_return co_await replay(caller, request.journal, request.dry_run);
    } else if constexpr (std::same_as<Request, BackUp>) {
        co_return co_await back_up(request);
    } else if constexpr (std::same_as<Request, ShowBackup>) {
        co_return parts_.store.backup();
    } else if constexpr (Request::reads) {
        auto const rests = parts_.rests ? parts_.rests() : std::vector<AccountRest>{};
        auto job = [&](store::Reading& reading) { return look(Look{reading, parts_, caller, rests}, request); };
        co_return co_await parts_.store.read(job);
    } else {
        bool queued = false;
        auto const now = parts_.clock.now();
        auto job = [&](store::Tx& tx) {
            Work work{tx, parts_, caller, now};
            auto answer = act(work, request);
            queued = work.queued;
            return answer;
        };
        auto done = co_await parts_.store.write(job, store::Lane::agent);
        if (done && queued && parts_.on_queued)
            parts_.on_queued();
        co_return done;
    }
}

/// Backups are taken beside all transactions.
asio::awaitable<Result<store::BackupProgress>> Desk::back_up(BackUp const& request)
{
    if (!parts_.pool)
        co_return Error{Fault::unavailable, "backups cannot be taken here"};
    auto begin = [&] { return parts_.store.start_backup(request.file, request.replace); };
    auto const begun = co_await parts_.pool->run(begin);
    if (!begun)
        co_return begun.error();
    co_return parts_.store.backup();
}

/// Two replays of one body after the other are one effect: what the first did, the second finds done.
asio::awaitable<Result<ReplayAnswer>> Desk::replay(Caller const& caller, JournalId journal, bool dry_run)
{
    if (!parts_.replay)
        co_return Error{Fault::unavailable, "bodies cannot be read again here"};
    store::ReplayWish const wish{journal, parts_.clock.now(), caller.actor(), dry_run};
    auto came = co_await parts_.replay(wish);
    if (!came)
        co_return came.error();
    ReplayAnswer answer;
    answer.journal = journal;
    answer.dry_run = dry_run;
    answer.came = std::move(*came);
    co_return answer;
}

asio::awaitable<Result<Caller>> Desk::identify(std::string const& unix_user, bool root)
{
    auto job = [&](store::Reading& reading) { return store::find_agent_by_unix_user(reading, unix_user); };
    auto found = co_await parts_.store.read(job);
    if (!found)
        co_return found.error();
    auto const known = *found && !(*found)->disabled_at;
    if (root)
        co_return Caller{known ? (*found)->id : AgentId{}, known ? (*found)->name : "root", store::AgentRole::administrator};
    if (!known)
        co_return Error{Fault::forbidden, *found ? "the agent " + (*found)->name + " is disabled; an administrator lets them in again with: "
                                                       "deskbridge agent enable \"" + (*found)->name + "\""
                                                 : "the Unix user " + unix_user + " is no agent; an administrator adds one with: "
                                                       "deskbridge agent add NAME --user " + unix_user};
    co_return Caller{(*found)->id, (*found)->name, (*found)->role};
}

#define DESKBRIDGE_USE_CASE(Request) \
    template asio::awaitable<Result<Request::Answer>> Desk::perform<Request>(Caller const&, Request&)
DESKBRIDGE_USE_CASE(ListTickets);
DESKBRIDGE_USE_CASE(ShowTicket);
DESKBRIDGE_USE_CASE(ShowContact);
DESKBRIDGE_USE_CASE(ListContacts);
DESKBRIDGE_USE_CASE(ListAgents);
DESKBRIDGE_USE_CASE(ListOutbox);
DESKBRIDGE_USE_CASE(ShowOutbox);
DESKBRIDGE_USE_CASE(ListAccounts);
DESKBRIDGE_USE_CASE(PauseAccount);
DESKBRIDGE_USE_CASE(ResumeAccount);
DESKBRIDGE_USE_CASE(ListShelf);
DESKBRIDGE_USE_CASE(ShowShelfEntry);
DESKBRIDGE_USE_CASE(ReadShelfBody);
DESKBRIDGE_USE_CASE(ReplayShelf);
DESKBRIDGE_USE_CASE(DropShelf);
DESKBRIDGE_USE_CASE(ListJournal);
DESKBRIDGE_USE_CASE(ReplayJournal);
DESKBRIDGE_USE_CASE(BackUp);
DESKBRIDGE_USE_CASE(ShowBackup);
DESKBRIDGE_USE_CASE(OpenAttachment);
DESKBRIDGE_USE_CASE(RetryAttachment);
DESKBRIDGE_USE_CASE(ShowHealth);
DESKBRIDGE_USE_CASE(VerifyAccount);
DESKBRIDGE_USE_CASE(TestAccount);
DESKBRIDGE_USE_CASE(ListTemplates);
DESKBRIDGE_USE_CASE(ShowTemplate);
DESKBRIDGE_USE_CASE(SyncTemplates);
DESKBRIDGE_USE_CASE(SendTemplate);
DESKBRIDGE_USE_CASE(BringFile);
DESKBRIDGE_USE_CASE(Reply);
DESKBRIDGE_USE_CASE(Note);
DESKBRIDGE_USE_CASE(Cancel);
DESKBRIDGE_USE_CASE(Keep);
DESKBRIDGE_USE_CASE(Retry);
DESKBRIDGE_USE_CASE(Resolve);
DESKBRIDGE_USE_CASE(Assign);
DESKBRIDGE_USE_CASE(SetStatus);
DESKBRIDGE_USE_CASE(Merge);
DESKBRIDGE_USE_CASE(MoveMessage);
DESKBRIDGE_USE_CASE(Split);
DESKBRIDGE_USE_CASE(UndoPlacement);
DESKBRIDGE_USE_CASE(MarkSeen);
DESKBRIDGE_USE_CASE(AddAgent);
DESKBRIDGE_USE_CASE(ChangeAgent);
DESKBRIDGE_USE_CASE(EnableAgent);
DESKBRIDGE_USE_CASE(DisableAgent);
#undef DESKBRIDGE_USE_CASE

} // namespace deskbridge::desk
