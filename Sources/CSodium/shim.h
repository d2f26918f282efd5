// libsodium's headers in one, under a name that the module map can find in this folder.
#include <sodium.h>
