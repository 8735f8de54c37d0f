#include "graph_api.hpp"

#include "media_rules.hpp"
#include "multipart.hpp"

#include <algorithm>

namespace deskbridge::simulator {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Kind = MediaFault::Kind;

namespace {

FormPart const* part_of(std::vector<FormPart> const& parts, std::string_view name)
{
    auto const found = std::find_if(parts.begin(), parts.end(), [&](FormPart const& part) { return part.name == name; });
    return found == parts.end() ? nullptr : &*found;
}

} // namespace

GraphApi::Upload GraphApi::take_upload(net::Request const& request, std::chrono::hours life)
{
    auto const refuse = [](GraphError error) { return Upload{error_response(error), error.code, {}}; };
    auto const number = number_in(request);
    if (auto const* error = std::get_if<GraphError>(&number))
        return refuse(*error);
    auto const parts = parse_multipart(request.http.headers.find("Content-Type").value_or(""), request.http.body);
    if (!parts)
        return refuse({100, "The body must be multipart/form-data."});
    auto const* product = part_of(*parts, "messaging_product");
    if (!product || product->bytes != "whatsapp")
        return refuse({100, "The parameter messaging_product is required."});
    auto const* file = part_of(*parts, "file");
    if (!file)
        return refuse({100, "The parameter file is required."});
    auto const* type = part_of(*parts, "type");
    if (!type || type->bytes.empty())
        return refuse({100, "The parameter type is required."});
    auto const mime_type = file->content_type.empty() ? std::string{type->bytes} : file->content_type;
    if (auto objection = objection_to_upload(mime_type, file->bytes.size()); !objection.empty())
        return refuse({100, std::move(objection)});
    auto const kept = world_.keep_media(mime_type, file->filename, file->bytes, life, request.parameters[1]);
    if (!kept)
        return refuse({131016, "The simulator cannot write its state folder."});
    return {json_response(200, Json{{"id", kept->id}}), std::nullopt, *kept};
}

asio::awaitable<net::Reply> GraphApi::upload_media(net::Request& request)
{
    auto const fault = world_.media_faults.next_of_upload();
    auto const is = [&](Kind kind) { return fault && fault->kind == kind; };
    Json row{{"method", "POST"}, {"path", path_of(request.http.target)}, {"bytes", request.http.body.size()}};
    net::Reply reply;
    if (is(Kind::upload_busy)) {
        row["verdict"] = "not_taken";
        reply.head = error_response({131016, "Set through the control API."});
    } else {
        auto upload = take_upload(request, is(Kind::upload_forgotten) ? 0h : 30 * 24h);
        row["verdict"] = upload.code ? "refused" : "taken";
        if (upload.code)
            row["code"] = *upload.code;
        else
            row["media"] = Json{{"id", upload.media.id}, {"mime_type", upload.media.mime_type}, {"size", upload.media.size}};
        reply.head = std::move(upload.response);
        reply.drop = is(Kind::upload_lost);
    }
    if (fault)
        row["mishap"] = name_of(fault->kind);
    world_.ledger.add("request", world_.clock.now(), std::move(row));
    co_return reply;
}

} // namespace deskbridge::simulator
