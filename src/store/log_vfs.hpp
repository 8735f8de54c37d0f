#pragma once

namespace deskbridge::store {

/// The name of an SQLite file layer that gathers what is written to the write-ahead log, and hands it on with a few large writes before
/// anybody could look for it: when a transaction ends, and when the log is synced, read, measured or cut. All else is the system's own layer.
/// SQLite by itself writes each page of the log with two calls, which is a third of what a commit costs. Nothing of the promise changes: an
/// error of a write that was put off is one of the same commit.
///
/// For the one connection that writes. Any thread; the first call registers the layer. Null: SQLite does not take it; the system's own serves then.
[[nodiscard]] char const* gathering_log() noexcept;

} // namespace deskbridge::store
