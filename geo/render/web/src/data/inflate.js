// For browsers without DecompressionStream (before 2023).

import { gunzipSync } from "fflate";

export const inflateGzip = (bytes) => gunzipSync(bytes);
