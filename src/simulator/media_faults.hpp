#pragma once

#include "json_reading.hpp"

#include "deskbridge/core/result.hpp"

#include <chrono>
#include <deque>
#include <optional>
#include <string_view>

namespace deskbridge::simulator {

/// Something that goes wrong while a client fetches or uploads a file: set through the control API.
struct MediaFault {
    enum class Kind {
        gone,       ///< asked for a link: the id is not known
        busy,       ///< asked for a link: 500
        wrong_hash, ///< the link's answer tells another hash than the file has
        too_big,    ///< the link's answer tells of five gigabytes
        expired,    ///< the link has expired when it is used
        elsewhere,  ///< the link leads to a server that is not the provider's
        inside,     ///< the link leads to an address of the private network
        redirect,   ///< the file lies behind a redirect, where our token has no business: with it 400
        truncated,  ///< half of the file, properly ended
        cut,        ///< half of the file, then the connection is gone
        slow,       ///< every piece takes `delay`
        upload_lost,     ///< an upload is taken, and the connection goes instead of an answer
        upload_busy,     ///< an upload is not taken: 500
        upload_forgotten ///< an upload is taken, and its id is none when it is used
    };
    Kind kind{Kind::gone};
    int count{1}; ///< calls it strikes; below 0: every one until cleared
    std::chrono::milliseconds delay{200};
};

/// `{"kind":"expired","count":1,"delay_ms":200}`. Errors: malformed.
[[nodiscard]] Result<MediaFault> media_fault_from(Json const& doc);

[[nodiscard]] std::string_view name_of(MediaFault::Kind kind) noexcept;

/// The faults in waiting; each strikes the next call that it is about.
class MediaFaults {
public:
    void add(MediaFault const& fault) { waiting_.push_back(fault); }
    void clear() noexcept { waiting_.clear(); }
    /// What strikes the request for a link, the download or the upload that just came in.
    [[nodiscard]] std::optional<MediaFault> next_of_link() { return next(About::link); }
    [[nodiscard]] std::optional<MediaFault> next_of_download() { return next(About::download); }
    [[nodiscard]] std::optional<MediaFault> next_of_upload() { return next(About::upload); }
    [[nodiscard]] Json list() const;

private:
    enum class About { link, download, upload };
    [[nodiscard]] static About about(MediaFault::Kind kind) noexcept;
    [[nodiscard]] std::optional<MediaFault> next(About what);
    std::deque<MediaFault> waiting_;
};

} // namespace deskbridge::simulator
