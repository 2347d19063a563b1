// For browsers without DecompressionStream (before 2023).

import { gunzipSync } from "fflate";

/** @param {Uint8Array} bytes */
export const inflateGzip = (bytes) => gunzipSync(bytes);
