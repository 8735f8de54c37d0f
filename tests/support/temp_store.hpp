#pragma once

#include "deskbridge/core/log.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/store/store.hpp"
#include "support/scratch_folder.hpp"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <utility>

namespace deskbridge::test {

/// A real store in a directory of its own. `reopen` is what a restart does to it. Its readers are as slow as the machine is, unless the
/// settings say how long they may take.
class TempStore {
public:
    explicit TempStore(store::StoreSettings settings = {}) : settings_{std::move(settings)}
    {
        settings_.path = folder_.path() / "data" / "deskbridge.db";
        store::StoreSettings const usual;
        if (settings_.query_limit == usual.query_limit)
            settings_.query_limit = patience;
        if (settings_.job_limit == usual.job_limit)
            settings_.job_limit = patience;
        open();
    }
    store::Store& operator*() noexcept { return *store_; }
    store::Store* operator->() noexcept { return store_.get(); }

    void close() { store_.reset(); }
    [[nodiscard]] bool is_open() const noexcept { return store_ != nullptr; }
    void open()
    {
        auto opened = store::Store::open(settings_, log_, metrics);
        if (!opened)
            throw std::runtime_error{opened.error().detail};
        store_ = std::move(*opened);
    }
    void reopen()
    {
        close();
        open();
    }
    [[nodiscard]] store::StoreSettings const& settings() const noexcept { return settings_; }
    /// From the next opening on.
    template <class Change>
    void change(Change change_settings)
    {
        change_settings(settings_);
    }

    /// For tests whose jobs succeed: throws the error otherwise.
    template <class Job>
    auto write(Job job)
    {
        return unpack(store_->write_now(job));
    }
    template <class Job>
    auto read(Job job)
    {
        return unpack(store_->read_now(job));
    }

    Metrics metrics;

private:
    template <class T>
    static T unpack(Result<T> result)
    {
        if (!result)
            throw std::runtime_error{result.error().detail};
        if constexpr (!std::is_void_v<T>)
            return std::move(*result);
    }

    static constexpr std::chrono::minutes patience{10};

    NoLog log_;
    ScratchFolder folder_;
    store::StoreSettings settings_;
    std::unique_ptr<store::Store> store_;
};

} // namespace deskbridge::test
