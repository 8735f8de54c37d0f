#pragma once

#include "deskbridge/flow/media.hpp"

namespace deskbridge::flow {

struct MediaFetcher::Figures {
    explicit Figures(Metrics& metrics);
    Counter& fetched;
    Counter& again;
    Counter& failed;
    Counter& expired;
    Counter& bytes;
    Histogram& seconds;
};

} // namespace deskbridge::flow
