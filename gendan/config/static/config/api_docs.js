/* Draws the API's document with the files that came with the framework. */
(() => {
  const place = document.querySelector("#api-docs");
  SwaggerUIBundle({
    url: place.dataset.document,
    domNode: place,
    deepLinking: true,
    persistAuthorization: true,
    validatorUrl: null,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
  });
})();
