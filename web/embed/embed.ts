/**
 * Puts the booking page of a clinic into the clinic's own page, where the script stands, as high as its content:
 * `<script src="https://…/embed.js" data-clinic="atlas-recuperare"></script>`. `data-lang` says ro or en. A page whose origin the
 * clinic has not named stays without it: the browser refuses the frame.
 */
(() => {
  const script = document.currentScript;
  if (script instanceof HTMLScriptElement && script.dataset.clinic) {
    const { clinic, lang } = script.dataset;
    const page = new URL(`/book/${encodeURIComponent(clinic)}`, script.src);
    if (lang) page.searchParams.set("lang", lang);
    const frame = document.createElement("iframe");
    frame.src = page.href;
    frame.title = lang === "en" ? "Book an appointment" : "Programare online";
    frame.referrerPolicy = "no-referrer";
    Object.assign(frame.style, { display: "block", width: "100%", height: "40rem", border: "0" });
    addEventListener("message", ({ source, origin, data }) => {
      if (source !== frame.contentWindow || origin !== page.origin || data?.type !== "restartix.height")
        return;
      if (Number.isFinite(data.height)) frame.style.height = `${Math.max(200, data.height)}px`;
    });
    script.after(frame);
  }
})();
