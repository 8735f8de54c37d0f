#include "send_rules.hpp"
#include "templates.hpp"

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

TEST_CASE("templates are checked against the registry")
{
    auto const positional = [](Json const& parameters) {
        Json const body{{"type", "body"}, {"parameters", parameters}};
        return Json{{"name", "reply_waiting"}, {"language", {{"code", "en"}}}, {"components", Json::array({body})}};
    };
    auto const ticket = [](Json const& parameters) {
        Json const body{{"type", "body"}, {"parameters", parameters}};
        return Json{{"name", "ticket_update"}, {"language", {{"code", "de"}}}, {"components", Json::array({body})}};
    };
    Json const mara{{"type", "text"}, {"text", "Mara"}};
    Json const number{{"type", "text"}, {"parameter_name", "ticket_no"}, {"text", "204"}};
    Json const state{{"type", "text"}, {"parameter_name", "state"}, {"text", "gelöst"}};
    struct Case {
        std::string label;
        Json content;
        int code;
    };
    auto const c = GENERATE_COPY(values<Case>({
        {"by position", positional(Json::array({mara})), 0},
        {"by name, in any order", ticket(Json::array({state, number})), 0},
        {"unknown name", {{"name", "nothing"}, {"language", {{"code", "en"}}}}, 132001},
        {"unknown language", {{"name", "reply_waiting"}, {"language", {{"code", "fr"}}}}, 132001},
        {"paused", {{"name", "paused_offer"}, {"language", {{"code", "en"}}}}, 132015},
        {"too few parameters", positional(Json::array()), 132000},
        {"too many parameters", positional(Json::array({mara, mara})), 132000},
        {"a name where a position is meant", positional(Json::array({number})), 132012},
        {"a position where a name is meant", ticket(Json::array({mara, mara})), 132012},
        {"a line break inside", positional(Json::array({Json{{"type", "text"}, {"text", "a\nb"}}})), 132012},
    }));
    INFO(c.label);
    auto const error = check_template_use(c.content);
    CHECK((error ? error->code : 0) == c.code);
    CHECK(render_template(positional(Json::array({mara}))).starts_with("Hello Mara,"));
    CHECK(render_template(ticket(Json::array({state, number}))) == "Ihr Anliegen 204 ist jetzt gelöst.");
}
