/* Asks one passkey when the button is pressed, and posts its answer.
 *
 *   <form data-behaviour="passkey-answer" data-options="{…}" data-said-unsupported="…"
 *         data-said-cancelled="…" data-said-failed="…">
 *     <input type="hidden" name="code"><button hidden>Use your passkey</button>
 *     <div data-part="problem" role="alert"></div><template data-part="notice">…</template>
 *     <div data-part="without">what to do without script</div>
 *   </form>
 */
import { ask } from "../lib/passkey.js";
import { onPress } from "../lib/passkey_form.js";

export default function passkeyAnswer(form) {
  onPress(form, (options, signal) => ask(options, signal));
}
