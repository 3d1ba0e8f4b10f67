/* solver_load.c - find and load the solver plug-in, by an absolute path near the program or library.
 * SPDX-License-Identifier: MIT */
#include "solve/solver_load.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef PAGU_LIBDIR
#define PAGU_LIBDIR "lib"
#endif

#define PLUGIN "libpagu_cbc.so"
#define PATH_SIZE 4096

/* From the folder of the program or library: libpagu.so; the module of lua5.4; bin/pagu; a build folder. */
static const char *const places[] = { "pagu", "../../pagu", "../" PAGU_LIBDIR "/pagu", "plugins", "../plugins" };

static bool folder_of(const char *file, char out[PATH_SIZE])
{
    char path[PATH_SIZE];
    if (!realpath(file, path))
        return false;
    char *slash = strrchr(path, '/');
    if (!slash)
        return false;
    *slash = '\0';
    snprintf(out, PATH_SIZE, "%s", path);
    return true;
}

static bool find_in(const char *folder, const char *place, char out[PATH_SIZE])
{
    char path[PATH_SIZE + 64];
    if (snprintf(path, sizeof path, "%s/%s/" PLUGIN, folder, place) >= (int)sizeof path)
        return false;
    return realpath(path, out) != NULL;
}

static bool find_near(const char *file, char out[PATH_SIZE])
{
    char folder[PATH_SIZE];
    if (!folder_of(file, folder))
        return false;
    for (size_t i = 0; i < COUNT_OF(places); i++)
        if (find_in(folder, places[i], out))
            return true;
    return false;
}

static const char anchor = 0; /* its address tells which file this code is in */

static bool find_plugin(char out[PATH_SIZE])
{
    Dl_info info;
    const char *given = getenv("PAGU_PLUGINS");
    if (given && *given)
        return find_in(given, ".", out);
    /* The main program is known by the name it was called with, which may be none of a file. */
    if (dladdr(&anchor, &info) && info.dli_fname && strchr(info.dli_fname, '/') && find_near(info.dli_fname, out))
        return true;
    return find_near("/proc/self/exe", out);
}

pagu_code solver_load(pagu_ctx *ctx, const solver_plugin **out, pagu_error *err)
{
    char path[PATH_SIZE];
    if (!find_plugin(path))
        return err_set(
            ctx, err, PAGU_NOT_FOUND,
            "optimise needs the solver plug-in %s, which is not installed with pagu; build it with the Debian "
            "packages coinor-libcbc-dev and coinor-libclp-dev, or set PAGU_PLUGINS to its folder",
            PLUGIN);
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL); /* never closed: its libraries keep state */
    const char *why = handle ? NULL : dlerror();
    solver_entry *entry = NULL;
    if (handle) {
        void *found = dlsym(handle, SOLVER_ENTRY);
        memcpy(&entry, &found, sizeof entry); /* ISO C has no cast for it */
    }
    const solver_plugin *plugin = entry ? entry() : NULL;
    if (plugin && plugin->version == SOLVER_VERSION) {
        *out = plugin;
        return PAGU_OK;
    }
    return err_set(ctx, err, PAGU_NOT_FOUND,
                   "the solver plug-in %s can't be used (%s); install the Debian packages coinor-libcbc3 and "
                   "coinor-libclp1",
                   path, why ? why : "another version");
}
