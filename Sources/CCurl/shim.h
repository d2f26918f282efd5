// libcurl's easy interface. curl_easy_setopt and curl_easy_getinfo are variadic, which Swift does not import: here they are
// once for each type that is set or asked for.
#include <curl/curl.h>

typedef size_t (*headwater_writer)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode headwater_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode headwater_set_number(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode headwater_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

// libcurl makes a copy; none of a body would make it read standard input.
static inline CURLcode headwater_set_body(CURL *handle, const void *bytes, curl_off_t count) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, count);
    return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, count > 0 ? bytes : "") : code;
}

static inline CURLcode headwater_set_writer(CURL *handle, headwater_writer writer, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, writer);
    return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_WRITEDATA, context) : code;
}

// The status of the last answer; 0 without one.
static inline long headwater_status(CURL *handle) {
    long status = 0;
    return curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK ? status : 0;
}
