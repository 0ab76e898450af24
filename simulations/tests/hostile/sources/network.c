/* Sockets of every family. */
#define _GNU_SOURCE
#include "canary.h"
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int talks(int family, int type, const void *address, socklen_t size) {
    int s = socket(family, type, 0);
    if (s < 0) return 0;
    return connect(s, address, size) == 0 && write(s, "hello", 5) == 5;
}

static struct sockaddr_in loopback(int port) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, "127.0.0.1", &a.sin_addr);
    return a;
}

int tcp(void) {
    struct sockaddr_in a = loopback(CANARY_TCP_PORT);
    return talks(AF_INET, SOCK_STREAM, &a, sizeof a);
}

int tcp6(void) {
    struct sockaddr_in6 a = {.sin6_family = AF_INET6, .sin6_port = htons(CANARY_TCP_PORT), .sin6_addr = in6addr_loopback};
    return talks(AF_INET6, SOCK_STREAM, &a, sizeof a);
}

int udp(void) {
    struct sockaddr_in a = loopback(CANARY_UDP_PORT);
    return talks(AF_INET, SOCK_DGRAM, &a, sizeof a);
}

int unix_path(void) {
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    strcpy(a.sun_path, CANARY_SOCKET);
    return talks(AF_UNIX, SOCK_STREAM, &a, sizeof a);
}

int unix_abstract(void) {
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    strcpy(a.sun_path + 1, CANARY_ABSTRACT);
    return talks(AF_UNIX, SOCK_STREAM, &a, sizeof(sa_family_t) + 1 + strlen(CANARY_ABSTRACT));
}

int unix_pair(void) {
    int pair[2];
    return socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0;
}

int netlink(void) { return socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) >= 0 || socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT) >= 0; }

int vsock(void) {
    struct sockaddr_vm a = {.svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_HOST, .svm_port = 1024};
    return socket(AF_VSOCK, SOCK_STREAM, 0) >= 0 || talks(AF_VSOCK, SOCK_STREAM, &a, sizeof a);
}

int raw(void) { return socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) >= 0 || socket(AF_PACKET, SOCK_RAW, 0) >= 0; }

int crypto(void) { return socket(AF_ALG, SOCK_SEQPACKET, 0) >= 0; }

int listens(void) {
    int s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = loopback(0);
    return s >= 0 && bind(s, (void *)&a, sizeof a) == 0 && listen(s, 1) == 0;
}
