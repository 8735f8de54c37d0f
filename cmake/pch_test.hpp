// Speed only: every file still includes what it uses.
#include "pch_base.hpp"

#include <catch2/catch.hpp>
