// libvirt's client library. virterror.h, with the codes of its errors, comes with it.
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
