#include "source_scan.hpp"

#include "deskbridge/core/acknowledgement.hpp"

#include "support/read_file.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <regex>

using namespace architecture;
using nlohmann::json;

namespace {

std::filesystem::path const tree{DESKBRIDGE_SOURCE_DIR};

json catalogue(std::string const& name, std::string const& of)
{
    auto const doc = json::parse(deskbridge::test::read_file(tree / "schemas" / "json" / name));
    return doc.at(of);
}

struct Source {
    std::string name; ///< relative to the tree
    std::string text; ///< without comments
};

std::vector<Source> const& sources()
{
    static auto const all = [] {
        std::vector<Source> out;
        for (auto const& file : program_sources(tree))
            out.push_back({std::filesystem::relative(file, tree).generic_string(), without_comments(deskbridge::test::read_file(file))});
        return out;
    }();
    return all;
}

Words words(json const& array)
{
    return array.get<Words>();
}

Words names_of(json const& object)
{
    Words out;
    for (auto const& [name, value] : object.items())
        out.insert(name);
    return out;
}

template <class Map>
Words names_in(Map const& map)
{
    Words out;
    for (auto const& [name, value] : map)
        out.insert(name);
    return out;
}

std::map<std::string, LogEvent> all_events()
{
    std::map<std::string, LogEvent> events;
    for (auto const& source : sources())
        collect_log_events(source.text, source.name, events);
    return events;
}

std::map<std::string, Metric> all_metrics()
{
    std::map<std::string, Metric> metrics;
    for (auto const& source : sources())
        collect_metrics(source.text, source.name, metrics);
    return metrics;
}

/// What a customer says or is, and what opens doors, have no place in a log, whatever the key is called.
std::regex const forbidden_key{
    "text|name|names|phone|number|body|from|to|caption|words|content|title|address|identity|contact_name|profile|email|"
    "header|headers|target|query|url|path|cookie|secret|token|password|signature|authorization|detail|error|message_text"};
std::regex const forbidden_value{
    R"((\.|->)(text|body|caption|words|content|title|phone|address|addresses|display|headers|target|secret|secrets|token|password)\b)"};

} // namespace

TEST_CASE("the scanner reads calls as the sources write them")
{
    std::string const source = R"src(
void f() { // log.info("in_a_comment", {{"text", x}});
    parts_.log.info(held ? "answered" : "refused", {{"hook", entry.hook.name},
                                                    {"count", std::max(1, n)}});
    core_->log.error("failed", {{"reason", kind_of(child->failure())}}); /* log.error("x") */
    log_.write(line.level, line.event, {{"code", line.code}});
    char const quote = '"'; int const million = 1'000'000;
    auto const line = Line{LogLevel::warning, "chosen", 1};
    metrics.counter("deskbridge_a_total", metric_label("outcome", "done")).add();
    auto kinds = metrics.counters("deskbridge_b_total", "kind");
    metrics.gauge("deskbridge_c", R"(lane="agent")");
})src";
    auto const text = without_comments(source);
    CHECK(std::count(text.begin(), text.end(), '\n') == std::count(source.begin(), source.end(), '\n'));
    auto const calls = log_calls(text, "f.cpp");
    REQUIRE(calls.size() == 3);
    CHECK(calls[0].events == Words{"answered", "refused"});
    CHECK(calls[0].keys == Words{"hook", "count"});
    CHECK(calls[0].values == std::vector<std::string>{" entry.hook.name", " std::max(1, n)"});
    CHECK(calls[0].place == "f.cpp:3");
    CHECK(calls[1].level == "error");
    std::map<std::string, LogEvent> events;
    collect_log_events(text, "f.cpp", events);
    CHECK(names_in(events) == Words{"answered", "refused", "failed", "chosen"});
    CHECK(events["chosen"].keys == Words{"code"});
    CHECK(events["chosen"].levels == Words{"warning"});
    std::map<std::string, Metric> metrics;
    collect_metrics(text, "f.cpp", metrics);
    CHECK(names_in(metrics) == Words{"deskbridge_a_total", "deskbridge_b_total", "deskbridge_c"});
    CHECK(metrics["deskbridge_a_total"].labels == std::map<std::string, Words>{{"outcome", {"done"}}});
    CHECK(names_in(metrics["deskbridge_b_total"].labels) == Words{"kind"});
    CHECK(metrics["deskbridge_b_total"].types == Words{"counter"});
    CHECK(metrics["deskbridge_c"].types == Words{"gauge"});
    CHECK(metrics["deskbridge_c"].labels == std::map<std::string, Words>{{"lane", {"agent"}}});
}

TEST_CASE("the catalogue of log events and the sources name the same ones, with the same level and keys")
{
    auto const listed = catalogue("log-events.json", "events");
    auto const written = all_events();
    CHECK(names_of(listed) == names_in(written));
    for (auto const& [name, event] : written) {
        if (!listed.contains(name))
            continue;
        INFO(name << " at " << *event.places.begin());
        auto const& entry = listed.at(name);
        CHECK(event.levels == Words{entry.at("level").get<std::string>()});
        CHECK(event.keys == words(entry.at("keys")));
        CHECK(entry.at("meaning").get<std::string>().size() > 10);
    }
}

TEST_CASE("every log call names its event in a literal")
{
    for (auto const& source : sources())
        for (auto const& call : log_calls(source.text, source.name)) {
            INFO(call.place);
            CHECK((!call.events.empty() || call.level.empty()));
        }
}

TEST_CASE("the catalogue of log keys and the sources name the same ones")
{
    auto const listed = catalogue("log-keys.json", "keys");
    auto const kinds = names_of(catalogue("log-keys.json", "kinds"));
    Words written;
    for (auto const& [name, event] : all_events())
        written.insert(event.keys.begin(), event.keys.end());
    CHECK(names_of(listed) == written);
    for (auto const& [name, entry] : listed.items()) {
        INFO(name);
        CHECK(kinds.count(entry.at("kind").get<std::string>()) == 1);
        CHECK(entry.at("meaning").get<std::string>().size() > 5);
        CHECK_FALSE(std::regex_match(name, forbidden_key));
    }
}

TEST_CASE("no log call passes what a customer said or is, or a secret")
{
    for (auto const& source : sources())
        for (auto const& call : log_calls(source.text, source.name)) {
            INFO(call.place);
            for (auto const& key : call.keys) {
                INFO(key);
                CHECK_FALSE(std::regex_match(key, forbidden_key));
            }
            for (auto const& value : call.values) {
                INFO(value);
                CHECK_FALSE(std::regex_search(value, forbidden_value));
            }
        }
}

TEST_CASE("the catalogue of metrics and the sources name the same ones, with the same type and labels")
{
    auto const listed = catalogue("metrics.json", "metrics");
    auto const registered = all_metrics();
    CHECK(names_of(listed) == names_in(registered));
    for (auto const& [name, metric] : registered) {
        if (!listed.contains(name))
            continue;
        INFO(name << " at " << *metric.places.begin());
        auto const& entry = listed.at(name);
        CHECK((metric.types.empty() || metric.types == Words{entry.at("type").get<std::string>()}));
        CHECK(names_in(metric.labels) == names_of(entry.at("labels")));
        for (auto const& [label, values] : metric.labels) {
            auto const allowed = entry.at("labels").value(label, json::array());
            for (auto const& value : values)
                CHECK((allowed.is_string() || words(allowed).count(value) == 1));
        }
    }
}

TEST_CASE("no metric is named outside a call that the scanner sees")
{
    static std::regex const literal{R"re("(deskbridge_[a-z0-9_]+)")re"};
    auto const registered = names_in(all_metrics());
    for (auto const& source : sources())
        for (std::sregex_iterator at{source.text.begin(), source.text.end(), literal}, end; at != end; ++at) {
            INFO(source.name << ": " << at->str(1));
            CHECK(registered.count(at->str(1)) == 1);
        }
}

TEST_CASE("the outcomes of acknowledgements are the words that they are counted by")
{
    Words counted{"queued"};
    for (auto const reason : deskbridge::every_skip_reason)
        counted.insert(std::string{deskbridge::render_skip(reason)});
    auto const listed = catalogue("metrics.json", "metrics");
    CHECK(words(listed.at("deskbridge_acknowledgements_total").at("labels").at("outcome")) == counted);
}

TEST_CASE("metrics are named as Prometheus names them")
{
    auto const listed = catalogue("metrics.json", "metrics");
    for (auto const& [name, entry] : listed.items()) {
        INFO(name);
        auto const type = entry.at("type").get<std::string>();
        CHECK((type == "counter" || type == "gauge" || type == "histogram"));
        CHECK(name.ends_with("_total") == (type == "counter"));
        CHECK((type != "histogram" || name.ends_with("_seconds")));
        auto const unit = entry.at("unit").get<std::string>();
        CHECK(name.ends_with("_seconds") == (unit == "seconds"));
        CHECK(name.ends_with("_bytes") == (unit == "bytes"));
        auto const meaning = entry.at("meaning").get<std::string>();
        CHECK(meaning.find('\n') == std::string::npos);
        CHECK(meaning.size() > 10);
    }
}
