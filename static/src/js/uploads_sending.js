import { Upload } from "tus-js-client";
import { smaller } from "./uploads_photos.js";
import { announce, words } from "./words.js";

const PIECE = 1024 * 1024;
const RETRY = [0, 1000, 3000, 5000, 10000, 20000];
const CHECK_RETRY = [1000, 3000, 10000];

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

function size(bytes) {
  const unit = bytes < 1e6 ? ["kilobyte", 1e3] : ["megabyte", 1e6];
  const format = { style: "unit", unit: unit[0], maximumFractionDigits: bytes < 1e7 ? 1 : 0 };
  return new Intl.NumberFormat(document.documentElement.lang, format).format(bytes / unit[1]);
}

// A short name for a file by which it is known again after the page was closed.
function mark(file, reduced) {
  let [one, two] = [0xdeadbeef, 0x41c6ce57];
  for (const letter of `${file.name}|${file.size}|${file.lastModified}|${file.type}|${reduced}`) {
    const code = letter.codePointAt(0);
    one = Math.imul(one ^ code, 2654435761);
    two = Math.imul(two ^ code, 1597334677);
  }
  return [one, two].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

// One file on its way: its row on the page, its pieces, what is said about it. The server's reason is told as it stands.
export class Sending {
  constructor(section, form, file, tell) {
    this.section = section;
    this.texts = { ...form.dataset };
    this.token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    this.input = form.querySelector("input[type=file]").id;
    this.whole = form.querySelector("[data-mc-whole]").checked;
    this.file = file;
    this.tell = tell;
    this.started = false;
    this.percent = 0;
    this.settled = new Promise((resolve) => (this.settle = resolve));
    this.said = fill(this.texts.labelDone, { name: file.name });
    this.#build();
    this.#say(this.texts.labelWaiting);
  }

  #build() {
    const make = (tag, name, parent) => {
      const part = document.createElement(tag);
      part.className = name;
      parent?.append(part);
      return part;
    };
    this.row = make("li", "mc-files__item mc-sending__item");
    this.row.dataset.mcUnderway = "1";
    const body = make("div", "mc-files__body", this.row);
    make("span", "mc-files__name", body).textContent = this.file.name;
    this.bar = make("progress", "mc-upload__progress", body);
    this.bar.max = 100;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", this.file.name);
    this.text = make("span", "mc-files__facts", body);
    this.note = make("span", "mc-files__facts mc-sending__note", body);
    this.buttons = make("div", "mc-files__buttons", this.row);
    this.retry = this.#button("labelRetry", () => this.#again());
    this.cancel = this.#button("labelCancel", () => this.#stop());
    this.retry.hidden = true;
  }

  #button(label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "mc-button--quiet";
    button.append(this.texts[label]);
    const whose = document.createElement("span");
    whose.className = "govuk-visually-hidden";
    whose.textContent = ` ${this.file.name}`;
    button.append(whose);
    button.addEventListener("click", act);
    this.buttons.append(button);
    return button;
  }

  #say(text) {
    this.text.textContent = text;
  }

  async start() {
    this.started = true;
    this.stopped = false;
    if (this.content === undefined) await this.#prepare();
    if (this.stopped) return;
    const limit = Number(this.texts.mcMax ?? 0);
    if (limit && this.content.size > limit) {
      this.refuse(words("labelTooLarge").replace(/:$/, "."));
      return;
    }
    this.#send();
  }

  async #prepare() {
    this.#say(this.texts.labelReducing);
    const small = await smaller(this.file, { whole: this.whole });
    this.content = small?.blob ?? this.file;
    this.name = small?.name ?? this.file.name;
    this.mark = mark(this.file, small ? this.content.size : "");
    this.row.dataset.mcMark = this.mark;
    if (small) {
      this.note.textContent = fill(this.texts.labelReduced, { before: size(this.file.size), after: size(this.content.size) });
    }
  }

  #send() {
    this.row.classList.remove("mc-sending__item--wrong");
    this.#progress(this.percent);
    const begun = [...this.section.querySelectorAll("[data-mc-unfinished]")].find(
      (one) => one.dataset.mcMark === this.mark && Number(one.dataset.mcSize) === this.content.size,
    );
    begun?.remove();
    this.upload ??= new Upload(this.content, {
      endpoint: this.texts.mcPieces,
      uploadUrl: begun?.dataset.mcUnfinished ?? null,
      chunkSize: PIECE,
      retryDelays: RETRY,
      storeFingerprintForResuming: false,
      metadata: { filename: this.name, mark: this.mark },
      headers: { "X-CSRFToken": this.token, Accept: "application/json" },
      onProgress: (sent, all) => this.#progress(Math.floor((100 * sent) / all)),
      onShouldRetry: (error) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        if (!status && !navigator.onLine) return false;
        if (!status) this.#offline();
        return !status || status >= 500 || [409, 423, 429].includes(status);
      },
      onError: (error) => this.#failed(error),
      onSuccess: () => this.#finish(),
    });
    this.upload.start();
  }

  #progress(percent) {
    this.percent = percent;
    this.bar.value = percent;
    this.#say(fill(this.texts.labelSending, { percent: `${percent}%`, size: size(this.content.size) }));
  }

  #offline() {
    this.#say(fill(this.texts.labelOffline, { percent: `${this.percent}%` }));
  }

  #failed(error) {
    const answer = error.originalResponse;
    if (answer) {
      this.#wrong(answer.getBody(), answer.getStatus());
      return;
    }
    if (navigator.onLine) {
      this.#fail(words("labelUploadFailed"));
      return;
    }
    // It goes on by itself, and stays under way meanwhile.
    this.#offline();
    announce(this.text.textContent);
    window.addEventListener("online", () => this.stopped || this.upload.start(), { once: true });
  }

  // All bytes have come: the server looks into the file and keeps it. Asked twice it answers the same.
  async #finish() {
    this.#say(this.texts.labelChecking);
    this.bar.removeAttribute("value");
    await this.before;
    for (const wait of [...CHECK_RETRY, null]) {
      const answer = await fetch(`${this.upload.url}xong/`, {
        method: "POST",
        headers: { "X-CSRFToken": this.token, Accept: "application/json" },
      }).catch(() => null);
      if (answer?.ok) {
        this.tell.done(this);
        return;
      }
      if (answer && answer.status < 500 && answer.status !== 423) {
        this.#wrong(await answer.text(), answer.status);
        return;
      }
      if (wait !== null) await pause(wait);
    }
    this.#fail(words("labelUploadFailed"));
  }

  #wrong(body, status) {
    let reason = "";
    try {
      reason = JSON.parse(body).message ?? "";
    } catch {
      // A page instead of a reason: something between here and the server.
    }
    if (status === 401) location.reload();
    else if (reason && status < 500 && status !== 429) this.refuse(reason);
    else this.#fail(reason || words("labelUploadFailed"));
  }

  // For good: sending it again would change nothing.
  refuse(reason) {
    this.#fail(reason, false);
  }

  #fail(reason, again = true) {
    this.started = false;
    this.bar.hidden = true;
    this.retry.hidden = !again;
    this.cancel.firstChild.textContent = this.texts.labelDismiss;
    this.row.classList.add("mc-sending__item--wrong");
    delete this.row.dataset.mcUnderway;
    this.#say(reason);
    announce(fill(this.texts.labelRefused, { name: this.file.name, reason }));
    this.tell.failed(this);
  }

  #again() {
    this.retry.hidden = true;
    this.bar.hidden = false;
    this.bar.value = this.percent;
    this.cancel.firstChild.textContent = this.texts.labelCancel;
    this.row.classList.remove("mc-sending__item--wrong");
    this.row.dataset.mcUnderway = "1";
    this.#say(this.texts.labelWaiting);
    this.cancel.focus();
    this.tell.again(this);
  }

  async #stop() {
    this.stopped = true;
    this.tell.failed(this);
    this.leave();
    document.getElementById(this.input)?.focus();
    await this.upload?.abort(true).catch(() => {});
    this.tell.left();
  }

  leave() {
    const list = this.row.parentElement;
    this.row.remove();
    if (list && !list.children.length) list.hidden = true;
  }
}
