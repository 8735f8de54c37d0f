#include "canary_acts.hpp"

#include "tally.hpp"

#include <fmt/format.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <sys/stat.h>

namespace fault {
namespace {

constexpr int exit_usage = 2;

struct Mistake {
    std::string key;
    std::string line;
};

/// A secret where the name of its place belongs, or where anything else does.
std::vector<Mistake> mistakes()
{
    std::string const token = canary::token_in_file;
    std::string const secret = canary::app_secret;
    return {{"access_token", fmt::format("access_token = \"{}\"", token)},
            {"access_token", fmt::format("access_token = {}", token)},
            {"access_token", fmt::format("access_token = \"{}", token)},
            {"access_token", fmt::format("access_token = {{ env = \"{}\" }}", token)},
            {"access_token", fmt::format("access_token = {{ file = \"{}\" }}", token)},
            {"access_token", fmt::format("access_token = {{ file = \"secrets/{}\" }}", token)},
            {"access_token", fmt::format("access_token = {{ credential = \"{}\" }}", token)},
            {"access_token", fmt::format("access_token = {{ value = \"{}\" }}", token)},
            {"access_token", fmt::format("access_token = [\"{}\", {{ file = \"token\" }}]", token)},
            {"access_token", fmt::format("acess_token = \"{}\"", token)},
            {"app_secret", fmt::format("app_secret = {{ file = \"{}\", env = \"x\" }}", secret)},
            {"app_secret", fmt::format("app_secret = {{ env = \"{}\" }}", secret)},
            {"phone_number_id", fmt::format("phone_number_id = \"{}\"", token)},
            {"api_base", fmt::format("api_base = \"https://user:{}@graph.example.org\"", token)},
            {"api_base", fmt::format("api_base = \"https://graph.example.org/?access_token={}\"", token)},
            {"level", fmt::format("level = \"{}\"", token)},
            {"name", fmt::format("name = \"{}\"", secret)}};
}

/// A key pair that fits nothing else, and a certificate of another one.
std::string write_key(std::filesystem::path const& folder)
{
    using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
    Key const own{EVP_EC_gen("P-256"), EVP_PKEY_free};
    Key const other{EVP_EC_gen("P-256"), EVP_PKEY_free};
    std::unique_ptr<X509, void (*)(X509*)> const certificate{X509_new(), X509_free};
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), other.get());
    X509_sign(certificate.get(), other.get(), EVP_sha256());
    std::unique_ptr<BIO, int (*)(BIO*)> const key_file{BIO_new_file((folder / "tls.key").c_str(), "w"), BIO_free};
    std::unique_ptr<BIO, int (*)(BIO*)> const crt_file{BIO_new_file((folder / "other.crt").c_str(), "w"), BIO_free};
    std::unique_ptr<BIO, int (*)(BIO*)> const memory{BIO_new(BIO_s_mem()), BIO_free};
    PEM_write_bio_PrivateKey(key_file.get(), own.get(), nullptr, nullptr, 0, nullptr, nullptr);
    PEM_write_bio_PrivateKey(memory.get(), own.get(), nullptr, nullptr, 0, nullptr, nullptr);
    PEM_write_bio_X509(crt_file.get(), certificate.get());
    char* bytes = nullptr;
    auto const size = BIO_get_mem_data(memory.get(), &bytes);
    std::string const pem(bytes, static_cast<std::size_t>(size));
    return pem.substr(pem.find('\n') + 1 + 65, 24); // of the second line: the first half is alike in all keys of this kind
}

void start_wrongly(CanaryScene& scene, std::string_view key, std::string const& line)
{
    CommandLine const commands{scene.program, scene.variant(key, line)};
    expect(scene.run(commands, "serve", "failed starts", Place::May::nothing) != 0, fmt::format("starts with {}", key));
}

} // namespace

void act_the_mistakes(CanaryScene& scene, int taken_port)
{
    auto const variants = scene.folder.path() / "variants";
    std::filesystem::create_directories(variants);
    for (std::string const secret : {"app_secret", "app_secret_next", "token"}) {
        std::filesystem::copy_file(scene.folder.path() / secret, variants / secret, std::filesystem::copy_options::overwrite_existing);
        ::chmod((variants / secret).c_str(), 0644); // what everybody can read is told
    }
    for (auto const& mistake : mistakes()) {
        CommandLine const commands{scene.program, scene.variant(mistake.key, mistake.line)};
        for (std::string const command : {"config check --secrets", "serve"})
            expect(scene.run(commands, command, "failed starts", Place::May::nothing) == exit_usage, fmt::format("{}: {:.30} is not refused", command, mistake.line));
    }
    start_wrongly(scene, "listen", fmt::format("listen = \"127.0.0.1:{}\"", taken_port));
    start_wrongly(scene, "path", "path = \"/proc/none/deskbridge.db\"");
    start_wrongly(scene, "socket", "socket = \"/proc/none/c.sock\"");
    scene.tls_key = write_key(scene.folder.path());
    start_wrongly(scene, "listen", fmt::format("listen = \"127.0.0.1:0\"\ncertificate = \"../other.crt\"\nkey = \"../tls.key\""));
    scene.places.at("failed starts", Place::May::nothing).proof = {"which is not set", "which does not exist", "access_token", "start_failed"};
}

} // namespace fault
