#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace deskbridge {

/// A JSON object (RFC 8259) that is written and not read again, made as text member by member, without a tree. Members stand as they
/// were added; that each name comes once is the caller's to see to. Text that is not UTF-8 gets U+FFFD where it is not.
/// Errors: none. One thread at a time.
class ObjectText {
public:
    /// Text, a truth, a whole number, or an object. It names what it was given: for the length of a call, never to be kept.
    class Value {
    public:
        template <class Text>
            requires std::convertible_to<Text const&, std::string_view>
        Value(Text const& text) : of_{std::string_view{text}} // NOLINT(google-explicit-constructor): a member is written as a pair
        {
        }
        template <std::same_as<bool> Bool>
        Value(Bool truth) : of_{truth} // NOLINT(google-explicit-constructor)
        {
        }
        template <std::integral Number>
            requires(!std::same_as<Number, bool> && sizeof(Number) > 1 && !std::same_as<Number, wchar_t> && !std::same_as<Number, char16_t> &&
                     !std::same_as<Number, char32_t>)
        Value(Number number) // NOLINT(google-explicit-constructor)
        {
            if constexpr (std::is_signed_v<Number>)
                of_ = std::int64_t{number};
            else
                of_ = std::uint64_t{number};
        }
        Value(std::nullptr_t) = delete;
        Value(ObjectText const& object) : of_{&object} {} // NOLINT(google-explicit-constructor)

    private:
        friend class ObjectText;
        std::variant<std::string_view, bool, std::int64_t, std::uint64_t, ObjectText const*> of_;
    };
    struct Member {
        std::string_view name;
        Value value;
    };

    ObjectText() = default;
    ObjectText(std::initializer_list<Member> members);

    /// At the end of what it has. @param name  of our own: nothing in it needs an escape
    void add(std::string_view name, Value const& value);
    [[nodiscard]] bool empty() const noexcept { return open_.empty(); }
    /// The whole object; "{}" without members.
    [[nodiscard]] std::string text() const;

private:
    std::string open_; ///< all but the last brace; "" without members
};

} // namespace deskbridge
