// Speed only: every file still includes what it uses.
#include "pch_asio.hpp"

#include <catch2/catch.hpp>
