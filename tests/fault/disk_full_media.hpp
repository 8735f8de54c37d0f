#pragma once

#include <string>

namespace fault {

/// A customer's photo of 8 MiB for which there are 6: it waits and says why, nothing else comes to harm, and it is fetched once there
/// is room.
/// @param apart  the media folder lies on a disk of its own: then nothing but photos may notice
void file_without_room(std::string const& program, bool apart);

} // namespace fault
