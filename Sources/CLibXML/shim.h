// What is used of libxml2's headers in one, under a name that the module map can find in this folder.
#include <libxml/xmlreader.h>
#include <libxml/xmlsave.h>
