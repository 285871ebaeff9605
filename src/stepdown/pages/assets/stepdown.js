// Everything the pages gain from JavaScript. Every page works without it.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "govuk-frontend";
import { ButtonMenu } from "@ministryofjustice/frontend/moj/components/button-menu/button-menu.mjs";
import { SortableTable } from "@ministryofjustice/frontend/moj/components/sortable-table/sortable-table.mjs";

// Radios that open a question: ARIA has no expanded state for a radio button, so none is set.
class OpeningRadios extends Radios {
  syncConditionalRevealWithInputState(input) {
    super.syncConditionalRevealWithInputState(input);
    input.removeAttribute("aria-expanded");
  }
}

const components = [
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  OpeningRadios,
  ServiceNavigation,
  SkipLink,
  ButtonMenu,
  SortableTable,
];

for (const component of components) {
  createAll(component);
}

// A form that asks for it is sent as soon as a choice in it changes; its button stays for those
// without JavaScript.
for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

// "Print this page" is a button only where a script can print.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// The filter folds away on a narrow screen, and is never hidden without a script to bring it back.
for (const button of document.querySelectorAll("[data-toggles]")) {
  const target = document.getElementById(button.dataset.toggles);
  const show = (open) => {
    target.classList.toggle("app-folded", !open);
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? button.dataset.hideText : button.dataset.showText;
  };
  button.hidden = false;
  show(false);
  button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
}

// A page that waits for the hub's work asks how far it is, and moves on when there is no more to say.
for (const waiting of document.querySelectorAll("[data-poll]")) {
  const ask = async () => {
    const answer = await fetch(waiting.dataset.poll).catch(() => null);
    if (answer?.status === 204) {
      window.location.reload();
      return;
    }
    if (answer?.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of waiting.querySelectorAll("[id]")) {
        const fresh = page.getElementById(part.id);
        // What has not changed stays, so that it is not read out again.
        if (fresh && fresh.innerHTML !== part.innerHTML) part.innerHTML = fresh.innerHTML;
      }
    }
    setTimeout(ask, 1000);
  };
  setTimeout(ask, 600);
}
