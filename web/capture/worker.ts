type Policy = { createScriptURL(url: string): string };

/** What the browser's types do not know yet: leave to start programs, which a page with our policy has to make itself. */
const { trustedTypes } = globalThis as {
  trustedTypes?: { createPolicy(name: string, rules: Policy): Policy };
};

/** The page's policy starts no program by a name: only what was built with the page is one. */
const policy = trustedTypes?.createPolicy("threads", {
  createScriptURL(url) {
    const { origin, pathname } = new URL(url, location.href);
    if (origin !== location.origin || !pathname.startsWith("/assets/"))
      throw new TypeError("That is no part of the page.");
    return url;
  },
});

/** Starts a thread of a program that was built with the page. */
export function startWorker(url: string): Worker {
  return new Worker(policy ? policy.createScriptURL(url) : url, { type: "module" });
}
