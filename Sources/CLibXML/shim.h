// What is used of libxml2's headers in one, under a name that the module map can find in this folder.
#include <libxml/xmlversion.h>
// These headers would bring the system's ICU, whose types the ICU within Swift's Foundation defines otherwise. Only the fields of
// converters of encodings hang on it, which nothing here looks at.
#undef LIBXML_ICU_ENABLED
#include <libxml/xmlreader.h>
#include <libxml/xmlsave.h>
