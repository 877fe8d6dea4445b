/** How much of an upload has left this machine. */
export interface UploadProgress {
  /** Units: bytes. */
  readonly loadedBytes: number;
  /** Units: bytes, the form's own lines included; an estimate until the upload is done. */
  readonly totalBytes: number;
}
