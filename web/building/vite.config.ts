import { globSync } from "node:fs";
import path from "node:path";
import { defineConfig } from "vite";

const web = path.join(import.meta.dirname, "..");
const api = `http://localhost:${process.env.PORT || 4000}`;

/** A page for each folder of `pages`, with its own entry. */
const pages = globSync("pages/*/index.html", { cwd: web });

/** How the pages are made: for `npm run web:build` and `npm start` out of the sources, for `npm run web` as they are edited. */
export default defineConfig({
  root: web,
  appType: "mpa",
  publicDir: false,
  clearScreen: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [
    {
      name: "operations in few bytes",
      enforce: "pre",
      // One module holds the operations of all pages: each is one line, and a fragment, which stands in them as well, is left out.
      transform(code, id) {
        if (!id.endsWith("/documents/generated/operations.ts")) return null;
        return code.replace(
          /= new TypedDocumentString\(`([^`]*)`/g,
          (_, text: string) => `= /*#__PURE__*/ new TypedDocumentString(\`${inOneLine(text)}\``,
        );
      },
    },
    {
      name: "addresses of pages",
      // The same addresses that the API serves them under (server/pages).
      configureServer({ middlewares }) {
        middlewares.use((request, _response, next) => {
          const [, name] = /^\/([a-z-]*)(?:\?|$|\/[^/]*$)/.exec(request.url ?? "") ?? [];
          const folder = name === "" ? "start" : name?.replaceAll("-", "_");
          if (pages.includes(path.join("pages", folder ?? "", "index.html")))
            request.url = `/pages/${folder}/index.html`;
          next();
        });
      },
    },
  ],
  // Threads are modules, as the page is; the API serves them under a policy of their own (server/pages).
  worker: {
    format: "es",
    rolldownOptions: { output: { entryFileNames: "assets/threads/[name]-[hash].js" } },
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy: Object.fromEntries(
      ["/graphql", "/v1", "/ide", "/ruru-static", "/settings.json"].map((place) => [
        place,
        { target: api, ws: true },
      ]),
    ),
  },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    // Nothing is written into a page itself: its policy lets it load only what has an address of its own.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: [...pages.map((page) => path.join(web, page)), path.join(web, "embed", "embed.ts")],
      // Clinics write its name into their own pages.
      output: {
        entryFileNames: ({ name }) => (name === "embed" ? "embed.js" : "assets/[name]-[hash].js"),
        // Few answers rather than few bytes: each one is a way there and back on a mobile network.
        codeSplitting: { groups: [{ name: "forms", test: /web\/forms\// }] },
      },
    },
  },
});

/** The same operation; one that says a text of its own stays as it is written. */
function inOneLine(operation: string): string {
  if (operation.includes('"')) return operation;
  return operation
    .replace(/\s+/g, " ")
    .replace(/ ?([{}(),:]) ?/g, "$1")
    .trim();
}
