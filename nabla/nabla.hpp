#pragma once

// The one header a user of nabla needs: expressions, parsing, derivatives, evaluation and code.
