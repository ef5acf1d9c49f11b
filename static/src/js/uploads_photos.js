// Photos are made smaller before they are sent: what a phone takes is four times what an office needs, and takes minutes on a
// weak connection. Kinds that only browsers read become JPEG, which everybody can open.
const LARGE = 4 * 1024 * 1024;
const LONGEST = 3200;
const QUALITY = 0.85;
const FOREIGN = /\.(heic|heif|webp|avif|bmp|gif)$/i;
const PHOTO = /\.jpe?g$/i;

// The smaller photo, or null where the file is to be sent as it is.
export async function smaller(file, { whole }) {
  const foreign = FOREIGN.test(file.name);
  if (!foreign && (whole || !PHOTO.test(file.name) || file.size <= LARGE)) return null;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = whole ? 1 : Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const paper = canvas.getContext("2d");
    paper.fillStyle = "#fff";
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    if (!blob || (!foreign && blob.size >= file.size)) return null;
    return { blob, name: file.name.replace(/\.[^.]*$/, "") + ".jpg" };
  } catch {
    // This browser cannot read it: the server decides.
    return null;
  }
}
