// The reading times of one visit: kept in the browser, and reported until the server has them.
// Times are milliseconds of performance.now(). No clock of the reader's is ever sent.
const LONGEST = 2000; // more than this between two steps means the page slept: that is not reading
const SOONEST = 250; // until a report that failed is sent again; the wait doubles with every failure
const LATEST = 30000;
const PATIENCE = 10000; // an answer that takes longer is not waited for
const REFUSED = [401, 403, 410];
const KEPT = "reading:";

/** One visit's totals. They live on the window over reruns, and in the browser's storage over reloads and kills. */
class Reading {
  static #all = (window.__partnerdeskReadings ??= new Map());

  static of(visit) {
    if (!Reading.#all.has(visit)) Reading.#all.set(visit, new Reading(visit));
    return Reading.#all.get(visit);
  }

  /** Reports what an earlier page read and could not report: it was killed, or had no network until it ended. */
  static sendEarlier(visit, endpoint) {
    for (const earlier of keptVisits().filter((each) => each !== visit))
      Object.assign(Reading.of(earlier), { endpoint, late: true }).send(false);
  }

  /** The network is back. */
  static sendAll() {
    for (const reading of Reading.#all.values()) if (reading.endpoint) reading.send(false);
  }

  static forgetAll() {
    for (const visit of keptVisits()) forget(visit);
  }

  constructor(visit) {
    this.visit = visit;
    this.focused = 0;
    this.stopped = this.late = false;
    this.underway = "";
    this.wait = SOONEST;
    Object.assign(this, { ms: {}, n: 0, human: false });
    this.delivered = this.catchUp();
    this.lastInput = this.since = performance.now();
    this.#observe(null);
  }

  /** Attributes the time since the last step to the one section that was read then. */
  step(at) {
    const now = performance.now();
    const slept = now - this.since > LONGEST;
    const spent = slept ? 0 : Math.max(Math.min(now, this.lastInput + this.idle) - this.since, 0);
    if (this.visible && this.at !== null) this.ms[this.at] = (this.ms[this.at] ?? 0) + spent;
    if (this.visible && this.hadFocus) this.focused += spent;
    if (this.focused >= 1000) this.human = true;
    this.since = now;
    this.#observe(at);
  }

  /** Somebody is there. A scroll alone may be a script's, so it does not make the visit human. */
  stir(at, byHand) {
    this.step(at);
    this.lastInput = this.since;
    if (byHand) this.human = true;
  }

  isActive() {
    return this.visible && performance.now() < this.lastInput + this.idle;
  }

  /** Goes on from what is kept: an earlier page, or another tab meanwhile. Returns the last report delivered. */
  catchUp() {
    const { ms = {}, n = 0, human = false, delivered = "" } = kept(this.visit);
    for (const [key, spent] of Object.entries(ms)) this.ms[key] = Math.max(this.ms[key] ?? 0, spent);
    this.n = Math.max(this.n, n);
    this.human ||= human;
    return delivered;
  }

  keep() {
    this.catchUp();
    const { ms, n, human, delivered } = this;
    if (!this.stopped) keep(this.visit, { ms, n, human, delivered });
  }

  /** Reports the totals unless the server has them. Nobody waits for the answer to a leaving page: it asks twice. */
  send(leaving) {
    const report = { ms: this.#totals(), human: this.human };
    const news = JSON.stringify(report);
    if (this.stopped || !Object.keys(report.ms).length || news === this.delivered) return this.#settle();
    if (news === this.underway && !leaving) return;
    this.n += 1;
    this.keep();
    const body = JSON.stringify({ v: this.visit, n: this.n, ...report, at: this.at, late: this.late });
    if (news === this.underway) slip(this.endpoint, body);
    else this.#post(news, body, leaving);
  }

  async #post(news, body, leaving) {
    this.underway = news;
    const status = await post(this.endpoint, body);
    if (this.underway === news) this.underway = "";
    if (status >= 200 && status < 300) this.#deliveredNow(news);
    else if (REFUSED.includes(status)) this.#stop();
    else {
      if (leaving && !status) slip(this.endpoint, body);
      this.#sendAgain();
    }
  }

  #deliveredNow(news) {
    this.delivered = news;
    this.wait = SOONEST;
    this.keep();
    if (this.late) this.send(false);
  }

  #sendAgain() {
    clearTimeout(this.again);
    this.again = setTimeout(() => this.send(false), this.wait);
    this.wait = Math.min(2 * this.wait, LATEST);
  }

  #stop() {
    this.stopped = true;
    forget(this.visit);
  }

  /** There is nothing to report; of an earlier visit there never will be. */
  #settle() {
    if (this.late) forget(this.visit);
  }

  #observe(at) {
    this.at = at;
    this.visible = document.visibilityState === "visible";
    this.hadFocus = document.hasFocus();
  }

  #totals() {
    const whole = Object.entries(this.ms).map(([key, ms]) => [key, Math.floor(ms)]);
    return Object.fromEntries(whole.filter(([, ms]) => ms > 0));
  }
}

/** The status of the answer; 0 when there was none. */
async function post(endpoint, body) {
  const headers = { "content-type": "application/json" };
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    return (await fetch(endpoint, { method: "POST", keepalive: true, credentials: "same-origin", headers, body, signal })).status;
  } catch {
    return 0;
  }
}

/** Sends without an answer, as a page may that is going. */
function slip(endpoint, body) {
  navigator.sendBeacon(endpoint, new Blob([body], { type: "application/json" }));
}

function kept(visit) {
  return stored(() => JSON.parse(localStorage.getItem(KEPT + visit))) ?? {};
}

function keptVisits() {
  const keys = stored(() => Object.keys(localStorage)) ?? [];
  return keys.filter((key) => key.startsWith(KEPT)).map((key) => key.slice(KEPT.length));
}

function keep(visit, totals) {
  stored(() => localStorage.setItem(KEPT + visit, JSON.stringify(totals)));
}

function forget(visit) {
  stored(() => localStorage.removeItem(KEPT + visit));
}

/** What the storage answers; nothing where it is shut, full or garbled: a reload then starts anew. */
function stored(ask) {
  try {
    return ask();
  } catch (refusal) {
    if (!(refusal instanceof DOMException || refusal instanceof SyntaxError)) throw refusal;
    return undefined;
  }
}
