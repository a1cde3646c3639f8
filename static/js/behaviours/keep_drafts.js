/* On a page that leads back in: what was sent when the session was over already is kept.
 *
 *   <form data-behaviour="keep-drafts">
 */
import { confirm } from "../lib/drafts.js";

export default function keepDrafts() {
  confirm();
}
