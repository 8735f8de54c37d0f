// The one translation unit with Beast's non-template code (BOOST_BEAST_SEPARATE_COMPILATION).
#include <boost/beast/src.hpp>
