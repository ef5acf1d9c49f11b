// The QR code of an applicant's phone, read by the camera where the browser can; the field takes what was read.
const EVERY_MS = 250;

export function counter(scope) {
  const place = scope.querySelector("[data-mc-scan]");
  if (!place || place.dataset.ready || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  place.dataset.ready = "yes";
  place.hidden = false;
  const field = document.getElementById(place.dataset.mcScan);
  const picture = place.querySelector("video");
  const told = place.querySelector("[role=status]");
  let stream;

  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = undefined;
    picture.hidden = true;
  };

  const look = async (detector) => {
    if (!stream) return;
    const [found] = await detector.detect(picture).catch(() => []);
    if (!found) {
      setTimeout(look, EVERY_MS, detector);
      return;
    }
    stop();
    field.value = found.rawValue;
    told.textContent = told.dataset.labelFound;
    field.form.requestSubmit();
  };

  place.querySelector("button").addEventListener("click", async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      told.textContent = told.dataset.labelDenied;
      return;
    }
    picture.srcObject = stream;
    picture.hidden = false;
    told.textContent = told.dataset.labelLooking;
    await picture.play();
    look(new window.BarcodeDetector({ formats: ["qr_code"] }));
  });
  window.addEventListener("pagehide", stop);
}
