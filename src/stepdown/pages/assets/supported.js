// Runs before the page is drawn, from a file of its own because the content security policy allows
// no inline script. The GOV.UK components only enhance a page that carries these classes.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
