#include "secret.hpp"

#include "support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

#include <sys/stat.h>

using namespace deskbridge;
using namespace deskbridge::app;

TEST_CASE("a secret is one line, without its line break")
{
    struct Case {
        std::string label;
        std::string bytes;
        std::optional<std::string> secret;
    };
    auto const c = GENERATE(values<Case>({
        {"plain", "abc", "abc"},
        {"with a line break", "abc\n", "abc"},
        {"with a Windows line break", "abc\r\n", "abc"},
        {"blanks are part of it", " a b ", " a b "},
        {"empty", "", std::nullopt},
        {"only a line break", "\n", std::nullopt},
        {"only blanks", " \t \n", std::nullopt},
        {"two lines", "abc\ndef\n", std::nullopt},
        {"NUL inside", std::string("a\0b", 3), std::nullopt},
        {"far too long", std::string(5000, 'x'), std::nullopt},
        {"just not too long", std::string(4096, 'x'), std::string(4096, 'x')},
    }));
    INFO(c.label);
    test::ScratchFolder const folder;
    auto const got = resolve({SecretSource::Kind::file, folder.write("s", c.bytes).string()});
    REQUIRE(got.has_value() == c.secret.has_value());
    if (got)
        CHECK(*got == *c.secret);
}

TEST_CASE("a secret that is no regular file is refused, and not waited for")
{
    test::ScratchFolder const folder;
    auto const pipe = folder.path() / "pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    std::filesystem::create_symlink(pipe, folder.path() / "link");
    for (auto const& file : {pipe, folder.path() / "link", std::filesystem::path{"/dev/zero"}}) {
        auto const got = resolve({SecretSource::Kind::file, file.string()});
        REQUIRE(got.has_error());
        CHECK(got.error().detail == file.string() + ", which is not a regular file");
    }
    std::filesystem::create_symlink(folder.write("s", "abc"), folder.path() / "to_a_file");
    CHECK(*resolve({SecretSource::Kind::file, (folder.path() / "to_a_file").string()}) == "abc");
}

TEST_CASE("credentials come from systemd's folder")
{
    test::ScratchFolder const folder;
    (void)folder.write("wa_verify", "v\n");
    ::setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1);
    CHECK(*resolve({SecretSource::Kind::credential, "wa_verify"}) == "v");
    ::unsetenv("CREDENTIALS_DIRECTORY");
    auto const none = resolve({SecretSource::Kind::credential, "wa_verify"});
    REQUIRE(none.has_error());
    CHECK(none.error().detail.find("LoadCredential=wa_verify") != std::string::npos);
}
