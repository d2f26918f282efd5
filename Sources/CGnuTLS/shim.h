#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

/// Verifies a chain, first its own certificate, for use by a client of TLS (RFC 5280 §4.2.1.12).
///
/// The purpose stands in a union that takes writable memory; a string of Swift's cannot give that.
static inline int headwater_verify_client(
    gnutls_x509_trust_list_t list, gnutls_x509_crt_t *chain, unsigned int count, unsigned int *status) {
    char purpose[] = GNUTLS_KP_TLS_WWW_CLIENT;
    gnutls_typed_vdata_st data = {.type = GNUTLS_DT_KEY_PURPOSE_OID, .data = (unsigned char *)purpose};
    return gnutls_x509_trust_list_verify_crt2(list, chain, count, &data, 1, 0, status, NULL);
}

/// Frees what GnuTLS allocated; `gnutls_free` is a macro over a variable, of which Swift has neither.
static inline void headwater_free(void *memory) {
    gnutls_free(memory);
}
