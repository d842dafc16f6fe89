/* A page with a scanner: says each scan by sound, and keeps the cursor where the scanner types. */
(() => {
  "use strict";
  const SOUNDS = {
    ok: [[1320, 0, 0.08]],
    done: [[1046, 0, 0.09], [1568, 0.1, 0.16]],
    wrong: [[196, 0, 0.28], [147, 0.3, 0.4]],
  };
  let audio;

  const beep = (name) => {
    if (!SOUNDS[name]) return;
    audio ??= new AudioContext();
    for (const [pitch, start, length] of SOUNDS[name]) tone(pitch, audio.currentTime + start, length);
  };

  const tone = (pitch, start, length) => {
    const voice = audio.createOscillator();
    const volume = audio.createGain();
    voice.type = "square";
    voice.frequency.value = pitch;
    volume.gain.setValueAtTime(0.15, start);
    volume.gain.setTargetAtTime(0, start + length * 0.8, 0.02);
    voice.connect(volume).connect(audio.destination);
    voice.start(start);
    voice.stop(start + length + 0.1);
  };

  const focus = () => {
    const places = document.querySelectorAll(".scan [data-focus]");
    places[places.length - 1]?.focus();
  };

  /* A scanner does not wait: what it types while the house is answering is kept, code by code. */
  let answering = false;
  let typed = "";
  let codes = [];
  const keep = (event) => {
    if (!answering || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") {
      codes.push(typed);
      typed = "";
    } else if (event.key.length === 1) typed += event.key;
    else return;
    event.preventDefault();
  };
  const catchUp = (isWrong) => {
    if (isWrong) codes = []; /* stop means stop: what follows a refusal is scanned again */
    const box = document.querySelector(".scan [name=code]");
    if (!box || (!codes.length && !typed)) return;
    const whole = codes.shift();
    box.value = whole ?? typed;
    if (whole === undefined) typed = "";
    if (whole) box.form.requestSubmit();
    else box.focus();
  };
  const isOfTable = ({ target }) => target.closest?.(".scan"); /* what stands beside it asks for itself */
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (isOfTable(event)) answering = true;
  });
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) =>
    document.addEventListener(name, (event) => {
      if (isOfTable(event)) answering = false;
    }),
  );
  document.addEventListener("keydown", keep, { capture: true });

  document.addEventListener("htmx:afterSettle", (event) => {
    const table = isOfTable(event);
    if (!table) return;
    const { sound } = table.dataset;
    answering = false;
    beep(sound);
    if (sound === "wrong" && navigator.vibrate) navigator.vibrate([120, 60, 120]);
    focus();
    catchUp(sound === "wrong");
  });

  document.addEventListener("keydown", (event) => {
    if (event.altKey && /^[1-9]$/.test(event.key)) {
      const button = document.querySelector(`.scan [data-key="${event.key}"]`);
      if (button) {
        event.preventDefault();
        button.click();
      }
    } else if (event.target === document.body && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
      focus(); /* a scanner that types into nothing */
    }
  });

  focus();
})();
