#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace fault {

/// compliant: must work. acceptable: may be refused, but in order. ambiguous, severe: two parsers could see two requests.
enum class HttpClass { compliant, acceptable, ambiguous, severe };

/// One byte-exact request, and how a strict server must take it.
struct HttpCase {
    HttpClass kind{HttpClass::severe};
    int status{400};
    bool closes{true}; ///< the server closes after the answer by itself
    std::string name;  ///< "chunked.txt:17 te-unknown #3"
    std::string bytes;
};

/// Reads every *.txt of a folder. Throws std::runtime_error with file and line on what it does not understand.
///
///     # comment
///     let SIG = X-Hub-Signature-256: sha256=…~
///     severe 400 te-unknown | POST / HTTP/1.1~Host: a~Transfer-Encoding: <gzip|xchunked>~~
///
/// class, status ("!": the server closes; always so from ambiguous on), name, bytes. In the bytes ~ is CR LF, \xHH a byte,
/// \r \n \t as usual, $NAME a text of `let`, <a|b> one case for each alternative, %[00-1f,7f] one for each byte, {a*9} nine times.
[[nodiscard]] std::vector<HttpCase> read_http_corpus(std::filesystem::path const& folder);

} // namespace fault
