#include "photo_host.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fault {
namespace {

constexpr std::string_view link = "/photo/";

std::string answer(std::string_view type, std::string_view body)
{
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n{}", type, body.size(), body);
}

} // namespace

std::string photo_of(std::string_view id, std::size_t size)
{
    auto bytes = fmt::format("\xFF\xD8\xFF\xE0{}", id);
    bytes.resize(std::max(bytes.size(), size), 'p');
    return bytes;
}

std::string serve_photo(std::string_view request)
{
    return serve_photo_of(request, 2000);
}

std::string serve_photo_of(std::string_view request, std::size_t size)
{
    constexpr std::string_view get = "GET ";
    if (!request.starts_with(get))
        return {};
    auto target = request.substr(get.size(), request.find_first_of("? ", get.size()) - get.size());
    auto const id = target.substr(target.rfind('/') + 1);
    if (target.starts_with(link))
        return answer("image/jpeg", photo_of(id, size));
    auto const at = request.find("Host: ") + 6;
    auto const host = request.substr(at, request.find("\r\n", at) - at);
    return answer("application/json", fmt::format(R"({{"url":"http://{}{}{}","mime_type":"image/jpeg","file_size":{}}})", host, link, id, photo_of(id, size).size()));
}

} // namespace fault
