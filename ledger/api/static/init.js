"use strict";

// The page's one script of its own: everything is fetched from this server, and nothing is sent to a validator.
window.ui = SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#description",
  deepLinking: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
