/*
 * A library that is loaded into the program under test (LD_PRELOAD) and stands between it and the
 * disk. Every system call that opens, reads, writes, flushes, renames, removes or shortens a file
 * below one folder is trapped by a seccomp filter, also those that never go through libc. It is
 * counted; and the n-th of them can fail, write only a part, or end the process as SIGKILL does.
 *
 * What to do comes as a `struct plan`: in the environment for one run, or over a socket. With a
 * socket the process stops at the first trapped call of FAULTS_FORK_KINDS on a file whose name ends
 * in FAULTS_FORK, and from there starts a child for each plan that it is sent. Whatever came before that call, the slow
 * derivation of a key above all, is done once.
 *
 * A C file because it runs in a signal handler inside somebody else's process, where no Rust
 * runtime belongs. Linux on x86-64 only.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

/* The sixth argument of our own calls: no trapped call has a sixth argument of its own. */
#define OURS 0x4b525645

#define PATH_SIZE 4096

enum mode { COUNT = 0, KILL = 1, FAIL = 2, SHORT = 3, FAIL_FROM = 4 };

/* Kinds of calls, as bits of `plan.kinds`. */
enum kind {
    OPEN = 1, WRITE = 2, SYNC = 4, RENAME = 8, REMOVE = 16, TRUNCATE = 32, MKDIR = 64, READ = 128,
    MODE = 256, OTHER = 512, /* A flush that was made to fail. */ UNFLUSHED = 1024,
};

struct plan {
    uint32_t mode;
    uint32_t kinds;
    uint64_t nth;
    int32_t error;
    /* Whether to write down what was done. */
    uint32_t trace;
    int64_t clock_offset;
    /* What the child's randomness starts from; 0 leaves it the system's. */
    uint64_t seed;
};

struct report {
    int64_t status;
    uint64_t calls;
};

struct record {
    uint32_t kind, name_len, other_len, data_len;
    uint64_t node, offset;
};

static struct plan plan;
static uint64_t *calls;
static char root[PATH_SIZE];
static size_t root_len;
static const char *fork_at, *output, *trace_path;
static unsigned fork_kinds;
static int control = -1, trace = -1;
/* Where the children's randomness has come to; 0 while it is the system's. */
static uint64_t dice;
/* The moment of the stop, at which the children's clock stands still. */
static struct timespec stopped_at;

static long raw(long nr, long a, long b, long c, long d, long e)
{
    long answer;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = OURS;
    __asm__ volatile("syscall"
                     : "=a"(answer)
                     : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return answer;
}

static void die(const char *why)
{
    raw(SYS_write, 2, (long)why, strlen(why), 0, 0);
    raw(SYS_exit_group, 99, 0, 0, 0, 0);
}

static void send_all(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        long sent = raw(SYS_write, fd, (long)at, len, 0, 0);
        if (sent <= 0) die("trap: cannot write\n");
        at += sent;
        len -= sent;
    }
}

/* Whether a whole plan came; the other end may have gone. */
static int receive_plan(struct plan *into)
{
    char *at = (char *)into;
    size_t len = sizeof *into;
    while (len > 0) {
        long got = raw(SYS_read, control, (long)at, len, 0, 0);
        if (got <= 0) return 0;
        at += got;
        len -= got;
    }
    return 1;
}

static int below_root(const char *path)
{
    return strncmp(path, root, root_len) == 0 && (path[root_len] == '/' || path[root_len] == 0);
}

static void link_target(const char *link, char *into)
{
    long len = raw(SYS_readlink, (long)link, (long)into, PATH_SIZE - 1, 0, 0);
    into[len > 0 ? len : 0] = 0;
}

/* The name of an open file; of one that was removed the one it had. */
static void name_of_fd(long fd, char *into)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", (int)fd);
    link_target(link, into);
    char *gone = strstr(into, " (deleted)");
    if (gone) *gone = 0;
}

static void name_at(long folder, const char *path, char *into)
{
    if (path == NULL) path = "";
    if (path[0] == '/') {
        snprintf(into, PATH_SIZE, "%s", path);
        return;
    }
    char base[PATH_SIZE];
    if ((int)folder == AT_FDCWD) link_target("/proc/self/cwd", base);
    else name_of_fd(folder, base);
    if (path[0] == 0) snprintf(into, PATH_SIZE, "%s", base);
    else if (snprintf(into, PATH_SIZE, "%s/%s", base, path) >= PATH_SIZE) die("trap: long path\n");
}

/* Whether a file is the system's randomness. */
static int is_random(long fd)
{
    char name[PATH_SIZE];
    name_of_fd(fd, name);
    return strcmp(name, "/dev/urandom") == 0;
}

static uint64_t node_of_fd(long fd)
{
    struct stat found;
    return raw(SYS_fstat, fd, (long)&found, 0, 0, 0) == 0 ? found.st_ino : 0;
}

static uint64_t node_of_name(const char *path)
{
    struct stat found;
    return raw(SYS_lstat, (long)path, (long)&found, 0, 0, 0) == 0 ? found.st_ino : 0;
}

static void write_down(enum kind kind, const char *name, const char *other, const void *data,
                       size_t data_len, uint64_t node, uint64_t offset)
{
    struct record record = { kind, strlen(name), other ? strlen(other) : 0, data_len, node, offset };
    send_all(trace, &record, sizeof record);
    send_all(trace, name, record.name_len);
    if (other) send_all(trace, other, record.other_len);
    if (data_len) send_all(trace, data, data_len);
}

static void redirect(int fd, const char *ending)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s.%s", output, ending);
    long file = raw(SYS_open, (long)path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600, 0, 0);
    if (file < 0) die("trap: no output\n");
    raw(SYS_dup2, file, fd, 0, 0, 0);
    raw(SYS_close, file, 0, 0, 0, 0);
}

static void begin(void)
{
    *calls = 0;
    if (plan.trace) {
        trace = raw(SYS_open, (long)trace_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600, 0, 0);
        if (trace < 0) die("trap: no trace\n");
    }
}

/* The same bytes for every child with the same seed, so that all of them make the same keys, salts and
 * names, and what they leave can be compared byte by byte. SplitMix64. */
static long chance(unsigned char *into, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint64_t z = dice += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        into[i] = z ^ (z >> 31);
    }
    return len;
}

/* Starts a child for each plan; only the children return. */
static void serve(void)
{
    fork_at = NULL;
    raw(SYS_clock_gettime, CLOCK_REALTIME, (long)&stopped_at, 0, 0, 0);
    send_all(control, "R", 1);
    struct plan next;
    while (receive_plan(&next)) {
        *calls = 0;
        pid_t child = fork();
        if (child < 0) die("trap: cannot fork\n");
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            raw(SYS_close, control, 0, 0, 0, 0);
            control = -1;
            plan = next;
            dice = plan.seed;
            redirect(1, "out");
            redirect(2, "err");
            begin();
            return;
        }
        int64_t id = child;
        send_all(control, &id, sizeof id);
        int status = 0;
        while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
        struct report report = { status, *calls };
        send_all(control, &report, sizeof report);
    }
    raw(SYS_exit_group, 0, 0, 0, 0, 0);
}

/* Which kind of call this is, and which files below the root it is about; 0 for none. */
static uint32_t recognise(long nr, const long *a, char *name, char *other)
{
    other[0] = 0;
    uint32_t kind = 0;
    switch (nr) {
    case SYS_open: case SYS_creat: kind = OPEN; name_at(AT_FDCWD, (char *)a[0], name); break;
    case SYS_openat: kind = OPEN; name_at(a[0], (char *)a[1], name); break;
    case SYS_read: case SYS_pread64: kind = READ; name_of_fd(a[0], name); break;
    case SYS_write: case SYS_pwrite64: kind = WRITE; name_of_fd(a[0], name); break;
    case SYS_fsync: case SYS_fdatasync: kind = SYNC; name_of_fd(a[0], name); break;
    case SYS_ftruncate: kind = TRUNCATE; name_of_fd(a[0], name); break;
    case SYS_fchmod: kind = MODE; name_of_fd(a[0], name); break;
    case SYS_chmod: kind = MODE; name_at(AT_FDCWD, (char *)a[0], name); break;
    case SYS_mkdir: kind = MKDIR; name_at(AT_FDCWD, (char *)a[0], name); break;
    case SYS_mkdirat: kind = MKDIR; name_at(a[0], (char *)a[1], name); break;
    case SYS_unlink: case SYS_rmdir: kind = REMOVE; name_at(AT_FDCWD, (char *)a[0], name); break;
    case SYS_unlinkat: kind = REMOVE; name_at(a[0], (char *)a[1], name); break;
    case SYS_rename:
        kind = RENAME;
        name_at(AT_FDCWD, (char *)a[0], name);
        name_at(AT_FDCWD, (char *)a[1], other);
        break;
    case SYS_renameat: case SYS_renameat2:
        kind = RENAME;
        name_at(a[0], (char *)a[1], name);
        name_at(a[2], (char *)a[3], other);
        break;
    /* Not used so far. A trace with one of these is refused by who reads it. */
    case SYS_writev: case SYS_pwritev: case SYS_pwritev2: case SYS_fallocate: case SYS_sendfile:
    case SYS_fchmodat:
        kind = OTHER;
        name_of_fd(a[0], name);
        break;
    case SYS_truncate: case SYS_link: case SYS_symlink:
        kind = OTHER;
        name_at(AT_FDCWD, (char *)a[1], name);
        if (!below_root(name)) name_at(AT_FDCWD, (char *)a[0], name);
        break;
    case SYS_linkat: case SYS_symlinkat: kind = OTHER; name_at(a[2], (char *)a[3], name); break;
    case SYS_copy_file_range: kind = OTHER; name_of_fd(a[2], name); break;
    }
    if (kind == 0 || !(below_root(name) || (other[0] && below_root(other)))) return 0;
    return kind;
}

static void record_done(uint32_t kind, long nr, const long *a, const char *name, const char *other,
                        int was_there, uint64_t offset, long answer)
{
    long flags = nr == SYS_openat ? a[2] : nr == SYS_open ? a[1] : O_CREAT | O_TRUNC;
    switch (kind) {
    case OPEN:
        if (!was_there) write_down(OPEN, name, NULL, NULL, 0, node_of_fd(answer), 0);
        else if (flags & O_TRUNC) write_down(TRUNCATE, name, NULL, NULL, 0, node_of_fd(answer), 0);
        break;
    case WRITE:
        write_down(WRITE, name, NULL, (void *)a[1], answer, node_of_fd(a[0]), offset);
        break;
    case SYNC: write_down(SYNC, name, NULL, NULL, 0, node_of_fd(a[0]), 0); break;
    case TRUNCATE: write_down(TRUNCATE, name, NULL, NULL, 0, node_of_fd(a[0]), a[1]); break;
    case RENAME: write_down(RENAME, name, other, NULL, 0, node_of_name(other), 0); break;
    case MKDIR: write_down(MKDIR, name, NULL, NULL, 0, node_of_name(name), 0); break;
    case REMOVE: write_down(REMOVE, name, NULL, NULL, 0, 0, 0); break;
    case OTHER: write_down(OTHER, name, NULL, NULL, 0, nr, 0); break;
    }
}

static uint64_t write_offset(long nr, const long *a)
{
    if (nr == SYS_pwrite64) return a[3];
    if (raw(SYS_fcntl, a[0], F_GETFL, 0, 0, 0) & O_APPEND) {
        struct stat found;
        return raw(SYS_fstat, a[0], (long)&found, 0, 0, 0) == 0 ? found.st_size : 0;
    }
    return raw(SYS_lseek, a[0], 0, SEEK_CUR, 0, 0);
}

static long dispatch(long nr, long *a)
{
    if (nr == SYS_getrandom && dice) return chance((unsigned char *)a[0], a[1]);
    if (nr == SYS_read && dice && is_random(a[0])) return chance((unsigned char *)a[1], a[2]);
    char name[PATH_SIZE], other[PATH_SIZE];
    uint32_t kind = recognise(nr, a, name, other);
    if (kind == 0) return raw(nr, a[0], a[1], a[2], a[3], a[4]);
    if (fork_at && control >= 0) {
        size_t len = strlen(name), end = strlen(fork_at);
        if ((kind & fork_kinds) && len >= end && strcmp(name + len - end, fork_at) == 0) serve();
        else return raw(nr, a[0], a[1], a[2], a[3], a[4]);
    }

    int mine = 0;
    if (kind & plan.kinds) {
        uint64_t at = (*calls)++;
        mine = plan.mode == FAIL_FROM ? at >= plan.nth : at == plan.nth;
    }
    if (mine) {
        switch (plan.mode) {
        case KILL: raw(SYS_kill, getpid(), SIGKILL, 0, 0, 0); break;
        case FAIL: case FAIL_FROM:
            if (kind == SYNC && trace >= 0)
                write_down(UNFLUSHED, name, NULL, NULL, 0, node_of_fd(a[0]), 0);
            return -plan.error;
        case SHORT: if (kind == WRITE && a[2] > 1) a[2] /= 2; break;
        }
    }
    if (trace < 0) return raw(nr, a[0], a[1], a[2], a[3], a[4]);
    int was_there = kind == OPEN && node_of_name(name) != 0;
    uint64_t offset = kind == WRITE ? write_offset(nr, a) : 0;
    long answer = raw(nr, a[0], a[1], a[2], a[3], a[4]);
    if (answer >= 0) record_done(kind, nr, a, name, other, was_there, offset, answer);
    return answer;
}

static void trapped(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
    long a[5] = { r[REG_RDI], r[REG_RSI], r[REG_RDX], r[REG_R10], r[REG_R8] };
    int kept = errno;
    r[REG_RAX] = dispatch(info->si_syscall, a);
    errno = kept;
}

/* The clock can be set ahead, so that what is due later is due now; a child's stands still. */
int clock_gettime(clockid_t clock, struct timespec *time)
{
    long answer = raw(SYS_clock_gettime, clock, (long)time, 0, 0, 0);
    if (answer < 0) {
        errno = -answer;
        return -1;
    }
    if (clock == CLOCK_REALTIME) {
        if (dice) *time = stopped_at;
        time->tv_sec += plan.clock_offset;
    }
    return 0;
}

/* OpenSSL's generator mixes in what differs from process to process. */
int RAND_bytes(unsigned char *into, int len)
{
    if (dice) {
        chance(into, len);
        return 1;
    }
    int (*real)(unsigned char *, int) = (int (*)(unsigned char *, int))dlsym(RTLD_NEXT, "RAND_bytes");
    return real ? real(into, len) : 0;
}

/* Keeping memory out of swap has nothing to do with the disk here, and takes a third of the time. */
int mlock(const void *address, size_t len)
{
    (void)address, (void)len;
    return 0;
}

int munlock(const void *address, size_t len)
{
    (void)address, (void)len;
    return 0;
}

static const int trapped_calls[] = {
    SYS_open, SYS_creat, SYS_openat, SYS_read, SYS_pread64, SYS_write, SYS_pwrite64, SYS_fsync,
    SYS_fdatasync, SYS_ftruncate, SYS_fchmod, SYS_chmod, SYS_mkdir, SYS_mkdirat, SYS_unlink,
    SYS_rmdir, SYS_unlinkat, SYS_rename, SYS_renameat, SYS_renameat2, SYS_writev, SYS_pwritev,
    SYS_pwritev2, SYS_fallocate, SYS_sendfile, SYS_fchmodat, SYS_truncate, SYS_link, SYS_symlink,
    SYS_linkat, SYS_symlinkat, SYS_copy_file_range, SYS_getrandom,
};
#define TRAPPED (sizeof trapped_calls / sizeof trapped_calls[0])

static void set_trap(void)
{
    struct sigaction action = { 0 };
    action.sa_sigaction = trapped;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    sigaction(SIGSYS, &action, NULL);
    struct sock_filter filter[TRAPPED + 6];
    size_t at = 0;
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                               offsetof(struct seccomp_data, args[5]));
    filter[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OURS, TRAPPED + 1, 0);
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                               offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < TRAPPED; i++)
        filter[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, trapped_calls[i],
                                                   TRAPPED - i, 0);
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
    struct sock_fprog program = { at, filter };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        die("trap: this system allows no seccomp filter\n");
}

__attribute__((constructor)) static void load(void)
{
    const char *folder = getenv("FAULTS_ROOT");
    if (!folder) return;
    snprintf(root, sizeof root, "%s", folder);
    root_len = strlen(root);
    calls = mmap(NULL, sizeof *calls, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (calls == MAP_FAILED) die("trap: no memory\n");
    output = getenv("FAULTS_OUTPUT");
    trace_path = getenv("FAULTS_TRACE");
    const char *text = getenv("FAULTS_PLAN"), *path = getenv("FAULTS_SOCKET");
    if (text) {
        unsigned mode, kinds, traced;
        unsigned long nth;
        int error;
        long offset;
        if (sscanf(text, "%u %u %lu %d %u %ld", &mode, &kinds, &nth, &error, &traced, &offset) != 6)
            die("trap: no plan\n");
        plan = (struct plan){ mode, kinds, nth, error, traced, offset, 0 };
    }
    if (path) {
        fork_at = getenv("FAULTS_FORK");
        const char *which = getenv("FAULTS_FORK_KINDS");
        fork_kinds = which ? strtoul(which, NULL, 10) : 0;
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
        control = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (!fork_at || control < 0 || connect(control, (void *)&address, sizeof address))
            die("trap: nobody listens\n");
    } else {
        begin();
    }
    unsetenv("LD_PRELOAD");
    set_trap();
}
