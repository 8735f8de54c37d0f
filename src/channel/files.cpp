#include "deskbridge/channel/plan.hpp"

#include "deskbridge/core/media.hpp"
#include "deskbridge/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deskbridge::channel {
namespace {

constexpr std::string_view nobody_knows = "application/octet-stream";
constexpr std::size_t longest_name = 80; ///< of a file, in a sentence

/// What nobody has measured fits: the provider will say so if it does not.
bool is_small_enough(FileRule const& rule, OutboundFile const& file) noexcept
{
    auto const size = rule.max_sides != 0 || rule.max_ratio != 0 ? parse_picture_size(file.form) : std::nullopt;
    if (!size)
        return true;
    auto const [shorter, longer] = std::minmax({std::uint64_t{size->width}, std::uint64_t{size->height}});
    return (rule.max_sides == 0 || shorter + longer <= rule.max_sides) && (rule.max_ratio == 0 || longer <= shorter * rule.max_ratio);
}

bool takes(FileRule const& rule, OutboundFile const& file) noexcept
{
    bool const fits = rule.types.empty() ? file.content_type != nobody_knows && !file.content_type.empty()
                                         : std::find(rule.types.begin(), rule.types.end(), file.content_type) != rule.types.end();
    bool const formed = rule.forms.empty() || std::find(rule.forms.begin(), rule.forms.end(), file.form) != rule.forms.end();
    return fits && formed && is_small_enough(rule, file) && file.size > 0 && file.size <= rule.max_bytes;
}

/// "16 MiB", "500 KiB"
std::string render_size(std::uint64_t bytes)
{
    constexpr std::uint64_t kibi = 1u << 10;
    constexpr std::uint64_t mebi = 1u << 20;
    if (bytes >= mebi)
        return fmt::format("{:.4g} MiB", static_cast<double>(bytes / (mebi / 10)) / 10.0);
    return bytes >= kibi ? fmt::format("{} KiB", bytes / kibi) : fmt::format("{} bytes", bytes);
}

std::string render_rule(FileRule const& rule)
{
    std::string types;
    for (auto const& type : rule.types)
        types.append(types.empty() ? "" : ", ").append(type);
    std::string forms;
    for (auto const& form : rule.forms)
        forms.append(forms.empty() ? ", " : " or ").append(form);
    auto const sides = rule.max_sides == 0 ? std::string{} : fmt::format(", width and height up to {} pixels together", rule.max_sides);
    auto const ratio = rule.max_ratio == 0 ? std::string{} : fmt::format(", one up to {} times the other", rule.max_ratio);
    return fmt::format("{} ({}{}{}{}, up to {})", render_message_kind(rule.kind), types.empty() ? "any known type" : types, forms, sides, ratio,
                       render_size(rule.max_bytes));
}

std::string escape_name(std::string_view name)
{
    std::string out;
    for (char const c : name) {
        if (c == '"' || c == '\r' || c == '\n')
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        else
            out += c;
    }
    return out;
}

std::string part_head(std::string_view boundary, std::string_view name)
{
    return fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"", boundary, name);
}

} // namespace

FileRule const* rule_of(OutboundFile const& file, Capabilities const& can) noexcept
{
    auto const found = std::find_if(can.files.begin(), can.files.end(), [&](FileRule const& rule) { return takes(rule, file); });
    return found == can.files.end() ? nullptr : &*found;
}

std::string objection_to_files(std::vector<OutboundFile> const& files, Capabilities const& can)
{
    if (!files.empty() && can.files.empty())
        return "this channel takes no files: send a text, or a link";
    auto const unfit = std::find_if(files.begin(), files.end(), [&](auto const& file) { return rule_of(file, can) == nullptr; });
    if (unfit == files.end())
        return {};
    std::string accepted;
    for (auto const& rule : can.files)
        accepted.append(accepted.empty() ? "" : "; ").append(render_rule(rule));
    auto const name = unfit->file_name.empty() ? std::string{"the file"} : shorten(one_line(unfit->file_name), longest_name);
    return fmt::format("{} ({}, {}) cannot be sent on this channel, which takes: {}", name,
                       unfit->content_type == nobody_knows ? "of an unknown type" : unfit->content_type, render_size(unfit->size), accepted);
}

void put_form(Step& step, std::vector<FormField> const& fields, std::string_view field, OutboundFile const& file)
{
    constexpr std::size_t enough = 40; // digits of the hash; a boundary has 70 characters at most
    auto const boundary = "deskbridge" + file.sha256.substr(0, enough);
    auto& request = step.request;
    request.method = "POST";
    request.headers.set("Content-Type", "multipart/form-data; boundary=" + boundary);
    request.body.clear();
    for (auto const& part : fields)
        request.body += part_head(boundary, part.name) + "\r\n\r\n" + part.value + "\r\n";
    request.body += part_head(boundary, field);
    auto const name = escape_name(file.file_name.empty() ? "file" : file.file_name);
    request.body += fmt::format("; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n", name, file.content_type);
    step.file = StepFile{file.sha256, file.size, "\r\n--" + boundary + "--\r\n"};
}

} // namespace deskbridge::channel
