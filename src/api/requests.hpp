#pragma once

#include "problem.hpp"

#include "deskbridge/desk/use_cases.hpp"
#include "deskbridge/net/http_server.hpp"

#include <array>
#include <string_view>
#include <vector>

namespace deskbridge::api {

/// The query parameters of a use case; none, unless it is said here.
template <class Request>
inline constexpr std::array<std::string_view, 0> parameters_of{};
template <>
inline constexpr std::array<std::string_view, 5> parameters_of<desk::ListTickets>{"status", "assignee", "sort", "limit", "after"};
template <>
inline constexpr std::array<std::string_view, 3> parameters_of<desk::ShowTicket>{"before", "limit", "timeline"};
template <>
inline constexpr std::array<std::string_view, 3> parameters_of<desk::ListContacts>{"search", "after", "limit"};
template <>
inline constexpr std::array<std::string_view, 1> parameters_of<desk::BringFile>{"file_name"};
template <>
inline constexpr std::array<std::string_view, 4> parameters_of<desk::ListOutbox>{"state", "account", "after", "limit"};
template <>
inline constexpr std::array<std::string_view, 5> parameters_of<desk::ListShelf>{"state", "reason", "account", "after", "limit"};
template <>
inline constexpr std::array<std::string_view, 5> parameters_of<desk::ListJournal>{"account", "since", "until", "after", "limit"};
template <>
inline constexpr std::array<std::string_view, 3> parameters_of<desk::ListTemplates>{"status", "after", "limit"};

/// Is its body said to be something else than JSON? One that says nothing of itself is taken for JSON: nothing else is asked for.
[[nodiscard]] bool is_of_other_type(HttpRequest const& request) noexcept;

// From a request to the use case that it asks for. Errors are appended; with any, the use case is not performed.

void read(net::Request const& request, desk::ListTickets& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::ShowTicket& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::ListAgents& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::AddAgent& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::Reply& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::Note& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::Assign& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::SetStatus& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::ChangeAgent& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::EnableAgent& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::DisableAgent& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::MarkSeen& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::Cancel& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::Retry& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::Resolve& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::Keep& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::MoveMessage& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::UndoPlacement& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::Merge& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::Split& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::OpenAttachment& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::RetryAttachment& into, std::vector<FieldError>& errors);
/// What the head says; the file itself went elsewhere.
void read(net::Request const& request, desk::BringFile& into, std::vector<FieldError>& errors);

// contacts.cpp
void read(net::Request const& request, desk::ListContacts& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::ShowContact& into, std::vector<FieldError>& errors);

// health.cpp
void read(net::Request const& request, desk::ShowHealth& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::VerifyAccount& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::TestAccount& into, std::vector<FieldError>& errors);

// templates.cpp
void read(net::Request const& request, desk::ListTemplates& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::ShowTemplate& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::SyncTemplates& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::SendTemplate& into, std::vector<FieldError>& errors);

// operations.cpp
void read(net::Request const& request, desk::ListOutbox& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::ShowOutbox& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::ListAccounts& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::PauseAccount& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::ResumeAccount& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::ListShelf& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::ShowShelfEntry& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::ReadShelfBody& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::ReplayShelf& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::DropShelf& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::ListJournal& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::ReplayJournal& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::BackUp& into, std::vector<FieldError>& errors);
void read(net::Request const& request, desk::ShowBackup& into, std::vector<FieldError>& errors);

} // namespace deskbridge::api
