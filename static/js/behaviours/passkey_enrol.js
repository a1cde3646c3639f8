/* Makes a passkey when the button is pressed, and posts what the server keeps of it.
 *
 *   <form data-behaviour="passkey-enrol" data-options="{…}" data-said-unsupported="…"
 *         data-said-cancelled="…" data-said-there="…" data-said-failed="…">
 *     <input type="hidden" name="code"><button hidden>Make a passkey</button>
 *     <div data-part="problem" role="alert"></div><template data-part="notice">…</template>
 *     <div data-part="without">what to do without script</div>
 *   </form>
 */
import { make } from "../lib/passkey.js";
import { onPress } from "../lib/passkey_form.js";

export default function passkeyEnrol(form) {
  onPress(form, make);
}
