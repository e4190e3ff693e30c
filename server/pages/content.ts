import type { ContentSecurity } from "../../runtime/protective_headers.ts";

/**
 * The policy of a page: it loads, runs and asks nothing that is not ours, but for what is named here. `frames`: whose pages may show
 * it inside of them.
 */
export function contentOf({
  connections = [],
  images = [],
  media = [],
  frames = [],
}: {
  connections?: string[];
  images?: string[];
  media?: string[];
  frames?: string[];
}): ContentSecurity {
  return {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    connectSrc: ["'self'", ...connections],
    imgSrc: ["'self'", "blob:", ...images],
    ...(media.length > 0 && { mediaSrc: media }),
    formAction: ["'none'"],
    baseUri: ["'none'"],
    frameAncestors: frames.length > 0 ? frames : ["'none'"],
    requireTrustedTypesFor: ["'script'"],
  };
}
