#include "control_api.hpp"

#include "embedded_phone.hpp"

namespace deskbridge::simulator {
namespace {

std::string_view type_of(std::string_view path) noexcept
{
    if (path.ends_with(".html"))
        return "text/html; charset=utf-8";
    if (path.ends_with(".css"))
        return "text/css; charset=utf-8";
    if (path.ends_with(".js"))
        return "text/javascript; charset=utf-8";
    return path.ends_with(".svg") ? "image/svg+xml" : "application/octet-stream";
}

} // namespace

HttpResponse page_file(std::string_view path)
{
    HttpResponse response;
    auto const bytes = embedded::find_phone(path);
    if (!bytes) {
        response.status = 404;
        return response;
    }
    response.headers.add("Content-Type", std::string{type_of(path)});
    response.headers.add("Content-Security-Policy",
                         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
                         "media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
                         "frame-ancestors 'none'");
    response.headers.add("X-Content-Type-Options", "nosniff");
    response.headers.add("Referrer-Policy", "no-referrer");
    response.headers.add("Cache-Control", "no-cache");
    response.body = *bytes;
    return response;
}

} // namespace deskbridge::simulator
