#include "send_rules.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge::simulator;

namespace {

/// What a verdict comes to: "taken", "silent", "late 131047" or "refused 131056".
std::string words_of(Verdict const& verdict)
{
    if (auto const* error = std::get_if<GraphError>(&verdict))
        return "refused " + std::to_string(error->code);
    auto const& taken = std::get<Taken>(verdict);
    if (taken.silent)
        return "silent";
    return taken.fails ? "late " + std::to_string(taken.fails->code) : "taken";
}

} // namespace

TEST_CASE("a send in the right form is judged by what the provider knows")
{
    using Form = Recipient::Form;
    struct Case {
        std::string label;
        SendFacts facts;
        std::string verdict;
        std::string type{"text"};
        Form form{Form::phone};
    };
    auto const c = GENERATE(values<Case>({
        {"all is well", {}, "taken"},
        {"nobody has this number", {.recipient_known = false}, "late 131026"},
        {"the sender itself", {.recipient_is_sender = true}, "refused 131021"},
        {"the window is closed", {.window_open = false}, "late 131047"},
        {"the window is closed and refused at once", {.window_open = false, .refuse_closed_window = true}, "refused 131047"},
        {"a template passes a closed window", {.window_open = false}, "taken", "template"},
        {"a template with a fault", {.template_fault = GraphError{132001, ""}}, "refused 132001", "template"},
        {"the pair's bucket is empty", {.pair_has_room = false}, "refused 131056"},
        {"the number's bucket is empty", {.pair_has_room = false, .number_has_room = false}, "refused 130429"},
        {"too many people were written to first", {.reach_has_room = false}, "refused 131048", "template"},
        {"somebody whom this number has blocked", {.recipient_blocked = true}, "refused 130403"},
        {"a group that is not open", {.group_open = false}, "refused 131020", "text", Form::group},
        {"marketing to somebody who wants none", {.opted_out = true}, "late 131050", "template"},
        {"an unknown media id", {.media_known = false}, "late 131053", "image"},
        {"an unknown media id, refused at once", {.media_known = false, .refuse_unknown_media = true}, "refused 100", "image"},
        {"a file that this type cannot carry", {.media_objection = "too large"}, "late 131053", "image"},
        {"a user id in `recipient`", {}, "taken", "text", Form::user_id},
        {"a user id in `to` is never delivered", {}, "silent", "text", Form::user_id_as_phone},
        {"a user id in `to`, nobody behind it", {.recipient_known = false}, "silent", "text", Form::user_id_as_phone},
    }));
    INFO(c.label);
    SendRequest send;
    send.type = c.type;
    send.recipient.form = c.form;
    CHECK(words_of(judge_send(send, c.facts)) == c.verdict);
}
