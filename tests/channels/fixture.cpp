#include "channels/fixture.hpp"

#include "deskbridge/channel/digest.hpp"
#include "deskbridge/channel/registry.hpp"

#include "support/read_file.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace deskbridge::test {
namespace {

void replace_all(std::string& text, std::string_view what, std::string_view by)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

channel::Account read_account(Json const& doc)
{
    channel::Account account;
    account.name = doc.at("name").get<std::string>();
    account.settings = doc.at("settings").get<decltype(account.settings)>();
    account.secrets = doc.at("secrets").get<decltype(account.secrets)>();
    return account;
}

std::string_view render_fault(Fault fault)
{
    switch (fault) {
    case Fault::malformed: return "malformed";
    case Fault::not_found: return "not_found";
    case Fault::conflict: return "conflict";
    case Fault::forbidden: return "forbidden";
    case Fault::unavailable: return "unavailable";
    case Fault::storage: return "storage";
    }
    return "?";
}

std::vector<Fixture> load_fixtures(std::string const& direction)
{
    std::vector<std::filesystem::path> files;
    for (auto const& folder : std::filesystem::directory_iterator{channels_folder()}) {
        auto const fixtures = folder.path() / "fixtures" / direction;
        if (std::filesystem::is_directory(fixtures))
            for (auto const& file : std::filesystem::directory_iterator{fixtures})
                files.push_back(file.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<Fixture> found;
    for (auto const& file : files)
        found.push_back({file.parent_path().parent_path().parent_path().filename(), file.stem(), read_document(file)});
    return found;
}

} // namespace

std::filesystem::path channels_folder()
{
    auto const* elsewhere = std::getenv("DESKBRIDGE_TEST_CHANNELS");
    return elsewhere != nullptr ? std::filesystem::path{elsewhere} : std::filesystem::path{DESKBRIDGE_SOURCE_DIR} / "channels";
}

Json read_document(std::filesystem::path const& path)
{
    auto const text = test::read_file(path);
    auto doc = channel::read_json(text);
    if (!doc)
        throw std::runtime_error{path.string() + ": " + doc.error().detail};
    return std::move(*doc);
}

std::vector<Fixture> const& inbound_fixtures()
{
    static auto const fixtures = load_fixtures("inbound");
    return fixtures;
}

std::vector<Fixture> const& outbound_fixtures()
{
    static auto const fixtures = load_fixtures("outbound");
    return fixtures;
}

ChannelScene::ChannelScene(std::string const& channel) : adapter_{channel::find_adapter(channel)}
{
    if (adapter_ == nullptr)
        throw std::runtime_error{"channels/CMakeLists.txt has no line for " + channel};
    auto const doc = read_document(channels_folder() / channel / "fixtures" / "account.json");
    for (auto const& account : doc.at("accounts")) {
        accounts_.push_back(read_account(account));
        adapter_->identify(accounts_.back());
    }
    received_at_ = from_ms(doc.at("received_at_ms").get<std::int64_t>());
    usual_headers_ = doc.at("headers");
    auto const text = read_document(channels_folder() / channel / "fixtures" / "inbound" / "text.json");
    std::vector<Address> addresses;
    for (auto const& address : text.at("expect").at(0).at("from"))
        addresses.push_back(read_address(address.get<std::string>()));
    customer_ = adapter_->reply_address(addresses);
    conformance_ = read_document(channels_folder() / channel / "fixtures" / "conformance.json");
    signing_key_name_ = doc.at("signing_secret").get<std::string>();
    signing_secret_ = accounts_.front().secrets.at(signing_key_name_).front();
}

channel::Hook ChannelScene::hook() const
{
    channel::Hook hook{accounts_.front().name, {}};
    for (auto const& account : accounts_)
        hook.accounts.push_back(&account);
    return hook;
}

HttpRequest ChannelScene::webhook(std::string body, Json const& headers) const
{
    HttpRequest request{"POST", "/hooks/" + accounts_.front().name, {}, std::move(body)};
    auto const& given = headers.is_null() ? usual_headers_ : headers;
    auto const signature = sign(conformance_.at("signature"), signing_secret_, given, request.body);
    for (auto const& [name, value] : given.get_ref<Json::object_t const&>()) {
        auto text = value.get<std::string>();
        replace_all(text, "${signature}", signature);
        request.headers.add(name, std::move(text));
    }
    return request;
}

void ChannelScene::rotate_secrets(std::vector<std::string> const& secrets)
{
    for (auto& account : accounts_)
        account.secrets[signing_key_name_] = secrets;
}

std::string sign(Json const& how, std::string const& secret, Json const& headers, std::string const& body)
{
    if (how.at("algorithm") == "equality")
        return secret;
    auto key = secret;
    if (how.value("key", "") == "whsec")
        key = channel::decode_base64(secret.substr(secret.find('_') + 1)).value_or("");
    auto text = how.value("over", std::string{"${body}"});
    for (auto const& [name, value] : headers.get_ref<Json::object_t const&>())
        replace_all(text, "${" + name + "}", value.get<std::string>());
    replace_all(text, "${body}", body);
    return how.value("encoding", "hex") == "base64" ? channel::hmac_sha256_base64(key, text) : channel::hmac_sha256_hex(key, text);
}

HttpRequest ChannelScene::forged(HttpRequest request) const
{
    if (usual_headers_.dump().find("${") != std::string::npos) {
        request.body += ' '; // the signature is that of another body
        return request;
    }
    Headers others;
    for (auto const& [name, value] : request.headers)
        others.add(name, value + "x");
    request.headers = std::move(others);
    return request;
}

HttpResponse read_response(Json const& doc)
{
    HttpResponse response{doc.at("status").get<int>(), {}, {}};
    response.body = doc.contains("json") ? doc.at("json").dump() : doc.value("body", std::string{});
    if (doc.contains("headers"))
        for (auto const& [name, value] : doc.at("headers").get_ref<Json::object_t const&>())
            response.headers.add(name, value.get<std::string>());
    return response;
}

Address read_address(std::string const& text)
{
    auto const colon = text.find(':');
    return {text.substr(0, colon), text.substr(colon + 1)};
}

std::optional<channel::FileLink> read_link(Json const& doc)
{
    if (!doc.contains("link"))
        return std::nullopt;
    return channel::FileLink{doc.at("link").at("url").get<std::string>(), from_ms(doc.at("link").at("ends_at_ms").get<std::int64_t>())};
}

std::vector<std::string> bodies_of(Json const& webhook)
{
    if (webhook.contains("body"))
        return {webhook.at("body").get<std::string>()};
    auto const& doc = webhook.at("json");
    auto escaped = doc.dump(-1, ' ', true);
    replace_all(escaped, "/", "\\/");
    return {doc.dump(), escaped};
}

Json outcome_of(ChannelScene const& scene, HttpRequest const& request)
{
    auto const hook = scene.hook();
    if (!scene.adapter().plausible(request))
        return {{"fault", "forbidden"}};
    auto const verified = channel::VerifiedWebhook::check(scene.adapter(), hook, request, scene.received_at());
    if (!verified)
        return {{"fault", render_fault(verified.error().fault)}};
    auto const intake = scene.adapter().parse(hook, *verified, scene.received_at());
    if (!intake)
        return {{"fault", render_fault(intake.error().fault)}};
    auto events = Json::array();
    for (auto const& event : intake->events)
        events.push_back(render_event(event));
    return events;
}

} // namespace deskbridge::test
