#include "kinds_world.hpp"

#include <catch2/catch.hpp>

namespace deskbridge::test {

KindsWorld::KindsWorld(int free_messages)
{
    options.free_service_messages = free_messages;
    start();
    mara = customer("Mara");
}

Json KindsWorld::act(std::string const& verb, Json const& order)
{
    return control("POST", "/sim/customers/" + mara.at("id").get<std::string>() + verb, order);
}

std::string KindsWorld::file(std::string const& type)
{
    HttpRequest request;
    request.method = "POST";
    request.target = base + "/sim/media?name=parcel";
    request.headers.add("Content-Type", type);
    request.body = type == "audio/ogg" ? "OggS" + std::string(24, '\0') + "OpusHead\x01\x01" : std::string{"bytes"};
    auto const answer = ask(request);
    return Json::parse(std::get<HttpResponse>(answer).body).at("id").get<std::string>();
}

std::vector<Json> KindsWorld::values(std::string const& field) const
{
    std::vector<Json> found;
    for (auto const& hook : posted) {
        auto const body = Json::parse(hook.body);
        for (auto const& entry : body.at("entry"))
            for (auto const& change : entry.at("changes"))
                if (change.at("field") == field)
                    found.push_back(change.at("value"));
    }
    return found;
}

Json KindsWorld::priced(HttpResponse const& sent)
{
    auto const id = id_of(sent);
    REQUIRE(until([&] { return statuses_of(id).starts_with("sent"); }));
    for (auto const& status : got("statuses"))
        if (status.at("id") == id)
            return status;
    return nullptr;
}

} // namespace deskbridge::test
